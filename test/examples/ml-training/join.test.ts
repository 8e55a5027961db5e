import { expect, test } from "vitest";
import { Fault } from "../../../examples/ml-training/application/fault.js";
import { join } from "../../../examples/ml-training/application/join.js";
import { readTable } from "../../../examples/ml-training/application/table.js";

const table = (name: string, text: string, columns: readonly string[]) => ({ name, columns, rows: readTable(text, columns, name) });

test("rows are joined where every table has the key, in the order of the first, without key and identifiers", () => {
  const left = table("left", "a,key,id\n1,x,i1\n2,y,i2\n3,z,i3\n", ["key", "id", "a"]);
  const right = table("right", "key,b\nz,30\nx,10\nw,40\n", ["key", "b"]);
  expect(join([left, right], "key", ["id"])).toEqual({
    columns: [
      { name: "a", table: 0 },
      { name: "b", table: 1 },
    ],
    rows: [
      { values: ["1", "10"], lines: [2, 3] },
      { values: ["3", "30"], lines: [4, 2] },
    ],
    counts: [
      { rows: 3, joined: 2, duplicates: 0, contradictory: 0, unmatched: 1 },
      { rows: 3, joined: 2, duplicates: 0, contradictory: 0, unmatched: 1 },
    ],
  });
});

test("rows that say the same count once, whatever their identifiers are", () => {
  const left = table("left", "key,id,a\nx,i1,1\nx,i1,1\nx,i2,1\n", ["key", "id", "a"]);
  const { rows, counts } = join([left], "key", ["id"]);
  expect(rows).toEqual([{ values: ["1"], lines: [2] }]);
  expect(counts).toEqual([{ rows: 3, joined: 1, duplicates: 2, contradictory: 0, unmatched: 0 }]);
});

test("where rows of a key contradict each other, all of them are left out", () => {
  const left = table("left", "key,a\nx,1\ny,5\nx,1\nx,2\n", ["key", "a"]);
  const { rows, counts } = join([left], "key", []);
  expect(rows).toEqual([{ values: ["5"], lines: [3] }]);
  expect(counts).toEqual([{ rows: 4, joined: 1, duplicates: 0, contradictory: 3, unmatched: 0 }]);
});

test("a key may be any text, also one that objects have as a name", () => {
  const left = table("left", "key,a\n__proto__,1\nconstructor,2\n", ["key", "a"]);
  expect(join([left], "key", []).rows.map(({ values }) => values)).toEqual([["1"], ["2"]]);
});

test("values may be quoted, with commas, quotes and line feeds in them, and lines may end as on Windows", () => {
  const text = '\ufeffkey,note,a\r\nx,"says ""hello, you""\r\nand goes",1\r\n\r\ny,,2\r\n';
  expect(readTable(text, ["key", "note", "a"], "t").map(({ values }) => values)).toEqual([
    ["x", 'says "hello, you"\r\nand goes', "1"],
    ["y", "", "2"],
  ]);
});

test("what is wrong in a file is told without any of its values", () => {
  const wrong = ['key,a\nsecret"x,1\n', 'key,a\n"secret"x,1\n', "key,a\nsecret,1,2\n", 'key,a\n"secret,1\n'];
  for (const text of wrong) {
    const read = () => readTable(text, ["key", "a"], "t.csv");
    expect(read).toThrow(Fault);
    expect(read).toThrow(/^t\.csv: line \d+: [a-z ]+$/);
    expect(read).not.toThrow(/secret/);
  }
});
