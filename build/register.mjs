import { register } from "node:module";

// Lets `node --import ./build/register.mjs` run TypeScript as it stands, without checking types: `npm run typecheck` does that.
register("ts-node/esm", import.meta.url);
