/**
 * Prints the hash of {@linkcode computeDigits}: with the argument "again" twice in a row, while a
 * worker that cannot share memory computes it, too, and then that of the worker.
 *
 * @module
 */
import { computeDigits } from "./compute_digits.ts";

const again = Deno.args[0] === "again";
const beside = again ? fromWorker() : undefined;
console.log(computeDigits());
if (again) console.log(computeDigits());
if (beside !== undefined) console.log(await beside);

async function fromWorker(): Promise<string> {
  const worker = new Worker(new URL("./unshared_digits.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
  const digits = await promise;
  worker.terminate();
  return digits;
}
