import { Fault, quoted } from "./fault.js";
import type { Joined, JoinedRow } from "./join.js";
import { randomOf, shuffle } from "./random.js";

/** What a model learns from, or is measured with. */
export type Samples = {
  readonly count: number;
  /** Numbers in a sample. */
  readonly width: number;
  /** One sample after the other. */
  readonly inputs: Float64Array;
  /** 0 or 1, by sample. */
  readonly labels: Float64Array;
};

/**
 * The numbers of the joined rows.
 *
 * @param files how messages call the tables
 * @throws Fault
 */
export function samplesOf({ columns, rows }: Joined, features: readonly string[], target: string, files: readonly string[]): Samples {
  const places = [...features, target].map((name) => {
    const place = columns.findIndex((column) => column.name === name);
    if (place < 0) throw new Fault(`${quoted(name)} is not in the joined data: it is not selected, or an identifier`);
    return place;
  });
  const numberAt = (row: JoinedRow, place: number): number => {
    const text = row.values[place]?.trim() ?? "";
    const value = NUMBER.test(text) ? Number(text) : NaN;
    if (Number.isFinite(Math.fround(value))) return value; // models compute with 32 bits
    throw new Fault(`${whereOf(row, place)} is not a number`);
  };
  const whereOf = (row: JoinedRow, place: number): string => {
    const { name, table } = columns[place] ?? { name: "", table: 0 };
    return `${files[table] ?? ""}: line ${row.lines[table] ?? 0}: ${quoted(name)}`;
  };
  const width = features.length;
  const inputs = new Float64Array(rows.length * width);
  const labels = new Float64Array(rows.length);
  rows.forEach((row, index) => {
    places.forEach((place, at) => {
      const value = numberAt(row, place);
      if (at < width) inputs[index * width + at] = value;
      else if (value === 0 || value === 1) labels[index] = value;
      else throw new Fault(`${whereOf(row, place)} is neither 0 nor 1`);
    });
  });
  return { count: rows.length, width, inputs, labels };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Holds a part of the samples out, chosen by the seed. @throws Fault where too little is left to learn from */
export function split(samples: Samples, part: number, seed: number): { readonly learned: Samples; readonly heldOut: Samples } {
  const order = Uint32Array.from({ length: samples.count }, (_, index) => index);
  shuffle(order, randomOf(seed));
  const size = Math.round(samples.count * part);
  const learned = chosen(samples, order.subarray(size));
  if (size === 0 || learned.count < 10) throw new Fault(`${samples.count} joined rows are too few to learn from`);
  if (learned.labels.every((label) => label === learned.labels[0])) {
    throw new Fault("the target_variable has one value only in the rows to learn from");
  }
  return { learned, heldOut: chosen(samples, order.subarray(0, size)) };
}

function chosen({ width, inputs, labels }: Samples, which: Uint32Array): Samples {
  const taken = new Float64Array(which.length * width);
  which.forEach((index, at) => { taken.set(inputs.subarray(index * width, (index + 1) * width), at * width); }); // prettier-ignore
  return { count: which.length, width, inputs: taken, labels: Float64Array.from(which, (index) => labels[index] ?? 0) };
}
