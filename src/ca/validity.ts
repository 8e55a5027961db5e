/** From when to when a certificate is valid, both included: milliseconds since 1970, whole seconds. */
export type Validity = { readonly notBefore: number; readonly notAfter: number };

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

/** Certificates begin this much in the past: clocks of those who check them differ. */
const BACKDATED = DAY;

/** How long a CA lives from now on: members rotate its key before. */
const CA_LIFETIME = 100 * DAY;

const wholeSeconds = (time: number) => time - (time % SECOND);

/** The last second of a time that begins at a whole second. */
const endOf = (begin: number, length: number) => begin + length - SECOND;

export function caValidity(time: number): Validity {
  const now = wholeSeconds(time);
  return { notBefore: now - BACKDATED, notAfter: endOf(now, CA_LIFETIME) };
}

/** A certificate never reaches beyond that of its CA, however many days were asked for. */
export function leafValidity(time: number, days: number, ca: Validity): Validity {
  const now = wholeSeconds(time);
  return { notBefore: Math.max(now - BACKDATED, ca.notBefore), notAfter: Math.min(endOf(now, days * DAY), ca.notAfter) };
}

export const isValidAt = (time: number, { notBefore, notAfter }: Validity): boolean => notBefore <= time && time < notAfter;

/** `YYYYMMDDhhmmssZ`, in UTC. */
export function certificateTime(time: number): string {
  const text = new Date(time).toISOString(); // eslint-disable-line no-restricted-globals -- a calendar, not a clock
  return text.replace(/\.\d+|[-:T]/g, "");
}
