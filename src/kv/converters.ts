import { ccf } from "@microsoft/ccf-app/global.js";

/** How a key or a value of a table is written as bytes. */
export type Converter<T> = {
  encode(value: T): ArrayBuffer;
  decode(bytes: ArrayBuffer): T;
};

/** UTF-8. */
export const text: Converter<string> = {
  encode: (value) => ccf.strToBuf(value),
  decode: (bytes) => ccf.bufToStr(bytes),
};

const anyJson: Converter<unknown> = {
  encode: (value) => ccf.jsonCompatibleToBuf(value),
  decode: (bytes) => ccf.bufToJsonCompatible<unknown>(bytes),
};

/** UTF-8 JSON. What is read is what we, or CCF, wrote: it is not checked again. */
export const json = <T>(): Converter<T> => anyJson as Converter<T>;

/** The one key of CCF's tables that hold a single value: eight zero bytes. */
export const onlyKey: Converter<void> = {
  encode: () => new ArrayBuffer(8),
  decode: () => undefined,
};
