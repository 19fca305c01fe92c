import { openEmbeddings } from "cosine-lab/audit";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import process from "node:process";
import { audit } from "../../../lib/audit/audit.ts";
import { assertHandled } from "../program.ts";
import type { HostileFile } from "./hostile_file.ts";

/** Runs command lines, each with an empty folder to write into, and counts what became of them. */
export class Trials {
  /** Where they may write; what they do is looked at, and taken away. */
  readonly out: string;
  #tried = 0;
  readonly #complaints: string[] = [];

  constructor(out: string) {
    this.out = out;
    Deno.mkdirSync(out);
  }

  /** Options of `audit` and `audit compare` that lead what is reported into the folder. */
  get report(): string[] {
    return [
      "--html",
      `${this.out}/report.html`,
      "--json",
      "-",
      "--neighbors",
      "3",
      "--sample",
      "30",
    ];
  }

  /** Options of `audit fix` that do. */
  get fixed(): string[] {
    return ["--out", `${this.out}/fixed.npy`];
  }

  /** Runs a command line, and remembers it where it does not end as it must. */
  async run(args: string[], outcome: HostileFile["outcome"]): Promise<void> {
    const name = ["compare", "fix"].includes(args[0]) ? `audit ${args[0]}` : "audit";
    const run = await runCommand(args);
    const written = [...Deno.readDirSync(this.out)].map(({ name }) => `${this.out}/${name}`);
    const page = written.find((path) => path.endsWith(".html"));
    const found = complaintAbout(name, run, outcome, page && Deno.readTextFileSync(page)) ??
      (run.code === 2 && written.length > 0 ? `leaves ${written.join(", ")}` : undefined) ??
      await damagedVectors(written);
    for (const path of written) Deno.removeSync(path);
    this.#tried++;
    if (found !== undefined) this.#complaints.push(`${args.join(" ")}: ${found}`);
  }

  /** Fails unless all ended as they must, and a row of the page on reliability says how many. */
  assertHandled(what: string): void {
    assert.equal(this.#complaints.join("\n"), "");
    assertHandled(what, this.#tried, this.#tried - this.#complaints.length);
  }
}

/** What is wrong with vectors that were written. */
async function damagedVectors(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths.filter((path) => path.endsWith(".npy"))) {
    const { rows } = await openEmbeddings(path);
    for (const { values } of rows.blocks()) {
      if (!values.every(Number.isFinite)) return "writes vectors that are not finite";
    }
  }
  return undefined;
}

/** What a command line ended in. */
interface CommandRun {
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

/** A hang, in milliseconds of processor time; how fast a command is, the bench measures. */
const HANGS = 120_000;

/**
 * What is not as it should be after a command: anything but success, with every figure a number, or
 * one line that says what is wrong.
 *
 * @param name What the line starts with.
 * @param run What the command ended in.
 * @param outcome What it had to end in.
 * @param page The page that it wrote, where it wrote one.
 */
function complaintAbout(
  name: string,
  run: CommandRun,
  outcome: HostileFile["outcome"],
  page = "",
): string | undefined {
  const { code, stdout, stderr, milliseconds, notFinite } = run;
  if (milliseconds > HANGS) return `takes ${Math.round(milliseconds)} ms`;
  if (code === 2) {
    const [line, ...more] = stderr.split("\n");
    if (more.join() !== "" || !line.startsWith(`${name}: `)) return `says ${stderr.slice(0, 2000)}`;
    if (isControlled(line)) return `says what is not printable: ${JSON.stringify(line)}`;
    if (stdout !== "") return `prints ${stdout.slice(0, 200)} before it refuses`;
    if (outcome === "read") return `refuses: ${line}`;
    return outcome === "either" || outcome.test(line) ? undefined : `says another thing: ${line}`;
  }
  if (code !== 0 && code !== 1) return `ends with ${code}: ${stderr.slice(0, 2000)}`;
  if (outcome instanceof RegExp) return "takes it";
  if (notFinite.length > 0) return `has figures that are none: ${notFinite.slice(0, 5).join(", ")}`;
  const figure = /.{0,40}\b(NaN|Infinity|undefined|\[object \w+\])\b.{0,40}/.exec(
    // What was left out, and what a zero row lacks, is said in words.
    (stdout + page).replaceAll(/NaN or infinite|cosine is undefined/g, ""),
  );
  if (figure !== null) return `shows ${figure[0]}`;
  // JSON is for programs: it escapes what it must, and no more.
  return isControlled(stdout) && !stdout.startsWith("{")
    ? `prints ${JSON.stringify(stdout.slice(0, 300))}`
    : undefined;
}

/** Whether there are characters that move a terminal's cursor, or change its colors. */
function isControlled(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text);
}

/** How much of a file is compared: sparse ones have gigabytes of nothing. */
const START = 1 << 20;

/** What is in a folder: each path with its kind, its size, when it was changed, and a hash. */
export function snapshot(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
    const path = `${folder}/${name}`;
    const { size, mode, mtime, isFile, isDirectory, isSymlink } = Deno.lstatSync(path);
    const found = `${path} ${mode} ${size} ${mtime?.getTime()}`;
    if (isDirectory) return [`${path} ${mode}`, ...snapshot(path)];
    if (isSymlink) return [`${found} -> ${Deno.readLinkSync(path)}`];
    return [isFile ? `${found} ${hashOf(path, Math.min(size, START))}` : found];
  }).sort();
}

function hashOf(path: string, bytes: number): string {
  const hash = createHash("sha256");
  if (Deno.statSync(path).mode! & 0o400) {
    using file = Deno.openSync(path);
    const start = new Uint8Array(bytes);
    for (let at = 0; at < bytes;) at += file.readSync(start.subarray(at)) ?? bytes;
    hash.update(start);
  }
  return hash.digest("hex");
}
