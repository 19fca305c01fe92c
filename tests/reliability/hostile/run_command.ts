import process from "node:process";
import { audit } from "../../../lib/audit/audit.ts";

/** What a command line ended in. */
export interface CommandRun {
  code: number;
  stdout: string;
  stderr: string;
  /** How much processor time it took, in milliseconds. */
  milliseconds: number;
  /** Numbers that are none, in what became JSON. */
  notFinite: string[];
}

/**
 * Runs `deno task audit …` within this process: the command as its program calls it, with what it
 * says caught in place of being shown.
 */
export async function runCommand(args: string[]): Promise<CommandRun> {
  const run: CommandRun = { code: 0, stdout: "", stderr: "", milliseconds: 0, notFinite: [] };
  const { log, error } = console;
  const { stringify } = JSON;
  const { write } = process.stdout;
  console.log = (...texts: unknown[]) => void (run.stdout += `${texts.join(" ")}\n`);
  console.error = (...texts: unknown[]) => {
    run.stderr += `${texts.map((text) => text instanceof Error ? text.stack : text).join(" ")}\n`;
  };
  process.stdout.write = (text: string | Uint8Array) => {
    run.stdout += text;
    return true;
  };
  // JSON has no word for them but null, which can be right: they are looked for before.
  JSON.stringify = ((value: unknown, ...rest: never[]) => {
    if (isReport(value)) run.notFinite.push(...notFinite(value, "report"));
    return stringify(value, ...rest);
  }) as typeof JSON.stringify;
  const before = process.cpuUsage();
  try {
    run.code = await audit(args);
  } finally {
    const { user, system } = process.cpuUsage(before);
    run.milliseconds = (user + system) / 1000;
    Object.assign(console, { log, error });
    JSON.stringify = stringify;
    process.stdout.write = write;
  }
  return run;
}

/** Whether it is what a command writes, rather than something of an input that it quotes. */
function isReport(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("schema" in value || "version" in value);
}

/** Where a value has a number that is none, or nothing at all where something should be. */
function notFinite(value: unknown, path: string): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => notFinite(inner, `${path}.${key}`));
}
