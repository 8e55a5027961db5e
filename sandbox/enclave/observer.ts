/** Learns what the front ends find out about the request that they handle. */
export interface RequestObserver {
  /** The template that the path matched, with the front end's prefix. */
  route(template: string): void;
  /** Who sent it; null where the endpoint does not ask. */
  caller(caller: ObservedCaller | null): void;
}

/** `policy` as scripts see it; `id` for members and users. */
export type ObservedCaller = { readonly policy: string | readonly string[]; readonly id?: unknown };
