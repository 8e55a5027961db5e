#!/usr/bin/env node
import { existsSync } from "node:fs";

const command = new URL("../dist/cli/index.js", import.meta.url);
if (existsSync(command)) {
  const { main } = await import(command.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error("cleanroom is not built: run npm run build");
  process.exitCode = 1;
}
