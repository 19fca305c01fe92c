import { Matrix } from "ml-matrix";
import { cpuUsage } from "node:process";
import pl from "nodejs-polars";
import { InputError } from "cosine-lab/audit";
import { Interactions } from "cosine-lab";
import type { WrongCall } from "./wrong_call.ts";

/** What a wrong call may take: milliseconds of processors, and of the clock; bytes. */
const TIME = 1000, WAIT = 10_000, MEMORY = 200e6;

/** What a call came to. */
export interface Outcome {
  /** Whether it was not refused. */
  returned: boolean;
  /** What is not as it should be, if anything. */
  complaint?: string;
}

/** What was in use after the call before: to look takes longer than most calls. */
let lastInUse: number | undefined;

/** How often a call is tried that took too much: other tests run in the same process. */
const TRIES = 5;

/** Tries a wrong call: it should be refused in a sentence of ours, at once and within bounds of memory. */
export async function outcomeOf(
  call: (...args: unknown[]) => unknown,
  { args }: WrongCall,
): Promise<Outcome> {
  let outcome = await measured(call, args);
  for (let tries = 1; outcome.complaint?.startsWith("takes ") && tries < TRIES; tries++) {
    outcome = await measured(call, args);
  }
  return outcome;
}

async function measured(
  call: (...args: unknown[]) => unknown,
  args: unknown[],
): Promise<Outcome> {
  const start = performance.now(), used = cpuUsage(), before = lastInUse ??= memoryInUse();
  const outcome = await tried(call, args);
  const waited = performance.now() - start, bytes = (lastInUse = memoryInUse()) - before;
  const { user, system } = cpuUsage(used);
  if (outcome.complaint !== undefined) return outcome;
  // By the clock alone a machine that has other work would decide.
  const milliseconds = Math.max((user + system) / 1000, waited * TIME / WAIT);
  if (milliseconds > TIME) return { ...outcome, complaint: `takes ${Math.round(milliseconds)} ms` };
  if (bytes > MEMORY) return { ...outcome, complaint: `takes ${Math.round(bytes / 1e6)} MB` };
  return outcome;
}

/** What is taken and what is asked for: memory that is not yet written to does not count as resident. */
function memoryInUse(): number {
  const { rss, external, heapUsed } = Deno.memoryUsage();
  return Math.max(rss, external + heapUsed);
}

async function tried(call: (...args: unknown[]) => unknown, args: unknown[]): Promise<Outcome> {
  try {
    const result = await call(...args);
    // What draws numbers, and wants nothing for it, is asked for one.
    const draws = typeof result === "function" && result.length === 0;
    const place = notFinite(draws ? result() : result);
    return {
      returned: true,
      complaint: place === undefined
        ? undefined
        : `returns a result that is not finite, at ${place}`,
    };
  } catch (error) {
    if (error instanceof InputError) return { returned: false };
    if (!(error instanceof RangeError || error instanceof TypeError)) {
      return { returned: false, complaint: `throws ${error}` };
    }
    const ours = error.message.startsWith("Cannot ") && !isOfEngine(error.message);
    return { returned: false, complaint: ours ? undefined : `says ${error}` };
  }
}

/** V8 begins some of its own messages with the same word as we do. */
function isOfEngine(message: string): boolean {
  return /^Cannot (read propert|convert|destructure|set propert|use '|access|mix|assign)/.test(
    message,
  );
}

/** Where a result has a number that is not finite, or a text that shows one; undefined where it has not. */
export function notFinite(value: unknown, place = "it"): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${place} = ${value}`;
  if (typeof value === "string") {
    return /\b(NaN|Infinity|undefined)\b/.test(value) ? place : undefined;
  }
  if (typeof value !== "object" || value === null || value instanceof Interactions) {
    return undefined;
  }
  if (Matrix.isMatrix(value)) return notFinite(value.to1DArray(), place);
  if (ArrayBuffer.isView(value)) return notFinite(Array.from(value as Float64Array), place);
  if (pl.DataFrame.isDataFrame(value)) return notFinite(value.toRecords(), place);
  const parts = value instanceof Map ? value : Object.entries(value);
  for (const [key, part] of parts) {
    const found = notFinite(part, `${place}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
