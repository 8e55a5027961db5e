import { expect, test } from "vitest";
import { authorityOf, modeOf } from "../../../cli/config/model.js";

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

test.each([
  ["JSON", '{"KeyType":"KEK","EncryptionMode":"CPK"}'],
  ["the text of a Python dictionary", "{'KeyType': 'KEK', 'EncryptionMode': 'CPK'}"],
  ["the older form", '{KeyType: "KEK", EncryptionMode: "CPK"}'],
  ["JSON in base64", base64({ KeyType: "KEK", EncryptionMode: "CPK" })],
])("the mode of encryption is read from %s", (_, text) => {
  expect(modeOf(text)).toBe("CPK");
});

test.each([undefined, "", "{}", "{", "CPK", "!!", '{"EncryptionMode":"ROT13"}'])(
  "a configuration without a known mode is refused: %j",
  (text) => {
    expect(() => modeOf(text)).toThrow("names no EncryptionMode: CSE, CPK or SSE");
  },
);

test.each([
  ["JSON", '{"authority":"https://maa.example"}'],
  ["the text of a Python dictionary", "{'authority': 'https://maa.example'}"],
  ["JSON in base64", base64({ authority: "https://maa.example" })],
  ["a bare URL", "https://maa.example"],
])("the attestation service is read from %s", (_, text) => {
  expect(authorityOf(text)).toBe("https://maa.example");
});

test.each([undefined, "", "{}"])("a configuration without an attestation service is refused: %j", (text) => {
  expect(() => authorityOf(text)).toThrow("names no attestation service");
});
