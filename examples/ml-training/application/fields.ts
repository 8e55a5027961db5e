import { Fault, quoted } from "./fault.js";

/** A part of a configuration file, read field by field. Every method throws Fault, which names the file and the field. */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    /** The file and the place in it. */
    readonly where: string,
  ) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Fault(`${where}: is no JSON object`);
    this.#value = value as Readonly<Record<string, unknown>>;
  }

  #of(name: string): unknown {
    const value = Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
    if (value === undefined || value === null) throw new Fault(`${this.where}: ${name} is missing`);
    return value;
  }

  #wrong(name: string, wanted: string): never {
    throw new Fault(`${this.where}: ${name} is not ${wanted}`);
  }

  /** 1 to 1000 characters. */
  text(name: string): string {
    const value = this.#of(name);
    if (typeof value !== "string" || value === "" || value.length > 1000) this.#wrong(name, "a text of 1 to 1000 characters");
    return value;
  }

  path(name: string): string {
    const value = this.text(name);
    // It appears in the log: nothing that moves a cursor or begins a line.
    if (!/^\/[\x20-\x7e]*$/.test(value)) this.#wrong(name, "an absolute path of printable ASCII");
    return value;
  }

  /** The name of a file in a folder, without the folder. */
  fileName(name: string): string {
    const value = this.text(name);
    if (!/^[\w][\w .-]*$/.test(value)) this.#wrong(name, "a file name");
    return value;
  }

  number(name: string, least: number, most: number): number {
    const value = this.#of(name);
    if (typeof value !== "number" || !(value >= least && value <= most)) this.#wrong(name, `a number from ${least} to ${most}`);
    return value;
  }

  whole(name: string, least: number, most: number): number {
    const value = this.number(name, least, most);
    if (!Number.isInteger(value)) this.#wrong(name, `a whole number from ${least} to ${most}`);
    return value;
  }

  /** Different texts. */
  names(name: string, most = 200): readonly string[] {
    const value = this.#of(name);
    if (!Array.isArray(value) || value.length > most) this.#wrong(name, `a list of at most ${most} names`);
    const names = value.map((one: unknown) => (typeof one === "string" && one !== "" ? one : this.#wrong(name, "a list of names")));
    const twice = names.find((one, index) => names.indexOf(one) !== index);
    if (twice !== undefined) throw new Fault(`${this.where}: ${name} has ${quoted(twice)} twice`);
    return names;
  }

  part(name: string): Fields {
    return new Fields(this.#of(name), `${this.where}: ${name}`);
  }

  parts(name: string, most: number): readonly Fields[] {
    const value = this.#of(name);
    if (!Array.isArray(value) || value.length === 0 || value.length > most) this.#wrong(name, `a list of 1 to ${most}`);
    return value.map((one: unknown, index) => new Fields(one, `${this.where}: ${name}[${index}]`));
  }
}
