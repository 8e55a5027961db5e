// One piece makes the text of digests, for the build and for clients: they have to agree to the byte.
export { canonicalJson as canonical } from "../client/canonicalJson.js";

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key in string]: Json };
