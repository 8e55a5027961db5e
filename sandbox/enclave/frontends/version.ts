/** The release of CCF whose answers the recordings hold. */
export const CCF_VERSION = "ccf-6.0.7";

/** The QuickJS release that CCF 6 carries. */
export const QUICKJS_VERSION = "2024-01-13";
