/* Takes the lock of a directory, says `taken` or `refused`, and keeps it until it is killed: `node <this> <directory>`. */
import { DirectoryInUse, lockDirectory } from "../../../sandbox/host/lock.js";

try {
  await lockDirectory(process.argv[2] ?? "");
  console.log("taken");
} catch (error) {
  if (!(error instanceof DirectoryInUse)) throw error;
  console.log("refused");
}
setInterval(() => undefined, 1000);
