import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const audit = path("../../lib/audit/audit.ts");

/** The programs and functions that write files, each as the arguments of `deno run -A`. */
export const programs = {
  audit: [audit],
  fix: [audit, "fix"],
  reproduce: [path("../../tools/notebooks/reproduce.ts")],
  /** Two files over and over: what they are called, what is in them, and how often. */
  overAndOver: [path("./writers.ts"), "overAndOver"],
  /** A training into a folder. */
  training: [path("./writers.ts"), "training"],
  /** An address, a path and an MD5 checksum. */
  download: [path("./writers.ts"), "download"],
};

/**
 * A program, to be run.
 *
 * @param cwd The folder to run it in.
 * @param temporary The folder for its temporary files.
 */
export function program(
  name: keyof typeof programs,
  cwd: string,
  args: readonly string[] = [],
  temporary = `${cwd}/temporary`,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--cached-only", "-A", "--no-check", ...programs[name], ...args],
    cwd,
    env: { NO_COLOR: "1", TMPDIR: temporary },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Fails unless every case that was tried, at least one, ended as `docs/reliability.md` says. */
export function assertHandled(what: string, tried: number, handled: number): void {
  assert(tried > 0, `${what}: nothing was tried`);
  assert.equal(handled, tried, `${what}: ${tried} tried, ${handled} handled`);
}
