import { createHash } from "node:crypto";
import { type Random, randomOf } from "../application/random.js";

/** A made-up person. Nobody's data went into it, and what is learned of it says nothing about the world. */
export type Person = {
  /** What the three files have in common: SHA-256 of a made-up number, hexadecimal. */
  readonly id: string;
  readonly age: number;
  readonly doses: 0 | 1 | 2;
  readonly monthsSinceDose: number;
  readonly symptoms: 0 | 1;
  readonly travelled: 0 | 1;
  readonly contacts: number;
  /** Cycle threshold of the laboratory: the lower, the more was found. */
  readonly ctValue: number;
  readonly sequenced: 0 | 1;
  readonly positive: 0 | 1;
};

/** As many people, the same for a seed on every machine: no function is used whose last digit may differ. */
export function people(count: number, seed: number): Person[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, index) => person(`${seed}/${index}`, random));
}

function person(number: string, random: Random): Person {
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const bit = (probability: number): 0 | 1 => (random() < probability ? 1 : 0);
  const age = whole(18, 90);
  const doses = whole(0, 2) as 0 | 1 | 2;
  const monthsSinceDose = doses === 0 ? 0 : whole(1, 18);
  const [symptoms, travelled, contacts] = [bit(0.4), bit(0.3), whole(0, 20)];
  const ctValue = whole(100, 350) / 10;
  // What is to be found: each party knows a part of it, and a dose protects the less the longer ago it was.
  const protection = doses * Math.max(0, 1 - monthsSinceDose / 15);
  const exposure = 2.2 * symptoms + 1.4 * travelled + 0.16 * contacts + (age - 54) / 40 + (22 - ctValue) / 4 - 2 * protection;
  const noise = 0.8 * (random() + random() + random() - 1.5);
  const positive = exposure + noise > 2.6 ? 1 : 0;
  const id = createHash("sha256").update(number).digest("hex");
  return { id, age, doses, monthsSinceDose, symptoms, travelled, contacts, ctValue, sequenced: bit(0.2 + 0.3 * positive), positive };
}
