import fc from "fast-check";
import { expect, test } from "vitest";
import { caValidity, certificateTime, isValidAt, leafValidity } from "../../src/ca/validity.js";

const DAY = 24 * 3600 * 1000;
const now = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const iso = (time: number) => new Date(time).toISOString();

test("a CA is valid from the day before for a hundred days", () => {
  const { notBefore, notAfter } = caValidity(now);
  expect(iso(notBefore)).toBe("2026-02-02T04:05:06.000Z");
  expect(iso(notAfter)).toBe("2026-05-14T04:05:05.000Z");
});

test("a certificate is valid from the day before for as many days as were asked for", () => {
  const ca = caValidity(now - 10 * DAY);
  const { notBefore, notAfter } = leafValidity(now, 30, ca);
  expect(iso(notBefore)).toBe("2026-02-02T04:05:06.000Z");
  expect(iso(notAfter)).toBe("2026-03-05T04:05:05.000Z");
});

test("while its CA is valid, a certificate begins and ends within the CA's time, is valid now, and no longer than was asked for", () => {
  const ca = caValidity(now);
  fc.assert(
    fc.property(fc.integer({ min: ca.notBefore, max: ca.notAfter - 1000 }), fc.integer({ min: 1, max: 36_500 }), (time, days) => {
      const leaf = leafValidity(time, days, ca);
      expect(isValidAt(time, ca)).toBe(true);
      expect(leaf.notBefore).toBeGreaterThanOrEqual(ca.notBefore);
      expect(leaf.notAfter).toBeLessThanOrEqual(ca.notAfter);
      expect(leaf.notAfter).toBeLessThan(time + days * DAY);
      expect(isValidAt(time, leaf)).toBe(true);
    }),
  );
});

test("a CA is not valid before it begins nor after it ends", () => {
  const ca = caValidity(now);
  expect([ca.notBefore - 1, ca.notBefore, ca.notAfter - 1, ca.notAfter].map((time) => isValidAt(time, ca))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test("times are written as calendars have them", () => {
  expect(certificateTime(Date.UTC(2049, 11, 31, 23, 59, 59))).toBe("20491231235959Z");
  expect(certificateTime(Date.UTC(2050, 0, 1))).toBe("20500101000000Z");
});
