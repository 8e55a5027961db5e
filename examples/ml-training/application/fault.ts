/**
 * Something in the configuration, the data or the model that cannot be worked with. The message is one line that names the file and the
 * place in it, never a value of the data: it goes to a log that leaves the clean room.
 */
export class Fault extends Error {
  override readonly name = "Fault";
}

/** A name that somebody else chose, fit for one line of a log. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name).replace(/[^\x20-\x7e…]/g, "?");
}
