const ACTIVE = 0;
const PEAK = 1;
const ERRORS = { parsing: 2, request_header_too_large: 3, request_payload_too_large: 4 } as const;

/** What a connection can end by before the enclave sees a request. */
export type SessionError = keyof typeof ERRORS;

/** The connections of clients, counted by the host in memory that the enclave can read. */
export class Sessions {
  readonly shared: Float64Array;

  /** @param shared of the other thread */
  constructor(shared: Float64Array = new Float64Array(new SharedArrayBuffer(5 * Float64Array.BYTES_PER_ELEMENT))) {
    this.shared = shared;
  }

  opened(): void {
    this.#add(ACTIVE, 1);
    this.shared[PEAK] = Math.max(this.peak, this.active);
  }

  closed(): void {
    this.#add(ACTIVE, -1);
  }

  failed(error: SessionError): void {
    this.#add(ERRORS[error], 1);
  }

  get active(): number {
    return this.shared[ACTIVE] ?? 0;
  }

  get peak(): number {
    return this.shared[PEAK] ?? 0;
  }

  errors(error: SessionError): number {
    return this.shared[ERRORS[error]] ?? 0;
  }

  #add(index: number, by: number): void {
    this.shared[index] = (this.shared[index] ?? 0) + by;
  }
}
