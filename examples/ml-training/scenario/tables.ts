import { randomOf, shuffle } from "../application/random.js";
import { people, type Person } from "./people.js";

/** The three files, by the dataset that each belongs to. */
export type Tables = Readonly<Record<"cowin" | "icmr" | "index", string>>;

/**
 * The data of three parties that share a column, `person_id`. Each file has them in an order of its own; each has a few people whom the
 * others do not know, a few rows twice, and in one of them a few people have two rows that contradict each other.
 *
 * @param count the people whom all three know, once and without contradiction
 */
export function tables(count: number, seed: number): Tables {
  const few = Math.max(2, Math.floor(count / 100));
  const everybody = people(count + 4 * few, seed);
  const known = everybody.slice(0, count);
  const only = (which: number) => everybody.slice(count + which * few, count + (which + 1) * few);
  const doubtful = only(3);
  const file = (part: 0 | 1 | 2, header: string, row: (person: Person, index: number) => string, more: readonly Person[] = []) => {
    const rows = [...known, ...doubtful, ...only(part), ...more].map(row);
    const twice = rows.slice(part * few, (part + 1) * few);
    const all = [...rows, ...twice];
    shuffle(all, randomOf(seed + 1 + part));
    return `${[header, ...all].join("\n")}\n`;
  };
  return {
    cowin: file(0, "person_id,certificate_id,age,doses,months_since_dose,updated", (person, index) =>
      [person.id, `C-${100000 + index}`, person.age, person.doses, person.monthsSinceDose, dayOf(index)].join(),
    ),
    icmr: file(
      1,
      "person_id,sample_id,ct_value,sequenced,test_result,updated",
      (person, index) =>
        [person.id, `S-${100000 + index}`, person.ctValue.toFixed(1), person.sequenced, person.positive, dayOf(index)].join(),
      doubtful.map((person) => ({ ...person, positive: person.positive === 1 ? 0 : 1 })),
    ),
    index: file(2, "person_id,case_id,address,symptoms,travelled,contacts", (person, index) =>
      // A value with a comma in it, as addresses have.
      [
        person.id,
        `N-${100000 + index}`,
        `"House ${1 + (index % 90)}, Ward ${1 + (index % 12)}"`,
        person.symptoms,
        person.travelled,
        person.contacts,
      ].join(),
    ),
  };
}

/** A date in the first half of a year. */
function dayOf(index: number): string {
  return `2021-0${1 + (index % 6)}-${String(1 + (index % 28)).padStart(2, "0")}`;
}
