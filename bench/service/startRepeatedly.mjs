/*
 * Starts a sandbox of the built library again and again, and sends how many milliseconds each start took. Plain JavaScript: a process that
 * translates TypeScript loads its translator into every worker too, which is not what is measured.
 *
 * Arguments: the library, the certificate of the member (PEM), the constitution, how often, and "port" to have it listen.
 */

const [library, certificate, constitution, count, port] = process.argv.slice(2);
const { startSandbox } = await import(library);
const times = [];
for (let i = 0; i < Number(count); i++) {
  const began = performance.now();
  const sandbox = await startSandbox({ members: [{ certificate }], constitution, ...(port && { port: 0 }) });
  times.push(performance.now() - began);
  await sandbox.stop();
}
process.send(times, () => process.disconnect());
