/** When to sign. CCF's defaults in production are 5,000 transactions and 1,000 ms. */
export type SignaturePolicy = {
  /** Unsigned transactions that make a signature due at once. */
  readonly transactions: number;
  /** Milliseconds after the first unsigned transaction. */
  readonly milliseconds: number;
};

/** One-shot timers. */
export interface Timers {
  /** Calls `action` once after so many milliseconds; what it returns calls it off. */
  after(milliseconds: number, action: () => void): () => void;
}

export const systemTimers: Timers = {
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
