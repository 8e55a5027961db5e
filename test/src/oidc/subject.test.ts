import fc from "fast-check";
import { expect, test } from "vitest";
import { ownerOf } from "../../../src/oidc/subject.js";

const id = fc.constantFrom("a", "b", "a:b", "A", "__proto__", "constructor");
const registration = fc.option(fc.record({ contractId: id }), { nil: undefined });

test("of all contracts, exactly one may name a subject, registered or not", () => {
  fc.assert(
    fc.property(id, registration, (subject, registered) => {
      const owners = ["a", "b", "a:b", "A", "__proto__", "constructor"].filter((contractId) => ownerOf(subject, registered) === contractId);
      expect(owners).toEqual([registered?.contractId ?? subject]);
    }),
  );
});

test("a contract that takes the name of a subject registered before does not get the subject", () => {
  expect(ownerOf("later", { contractId: "earlier" })).toBe("earlier");
});
