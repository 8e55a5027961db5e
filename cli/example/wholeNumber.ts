import { UsageError } from "../failure.js";

/** Reads the value of an option that is a whole number within bounds. */
export function wholeNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
    throw new UsageError(`${option} wants a whole number from ${least} to ${most}, not "${text}"`);
  };
}
