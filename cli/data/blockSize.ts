import { parsed } from "../command.js";
import { UsageError } from "../failure.js";
import { DEFAULT_BLOCK_BYTES, MAX_BLOCK_BYTES } from "../../cleanroom/blocks/layout.js";

const MB = 1024 * 1024;
const MOST = MAX_BLOCK_BYTES / MB;

/** In bytes. */
export const blockSize = parsed("--block-size <mb>", `MB in a block, 1 to ${MOST} (default: ${DEFAULT_BLOCK_BYTES / MB})`, (text) => {
  const size = Number(text);
  if (/^\d{1,3}$/.test(text) && size >= 1 && size <= MOST) return size * MB;
  throw new UsageError(`--block-size wants a whole number of MB from 1 to ${MOST}, not "${text}"`);
});
