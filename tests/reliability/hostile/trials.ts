import assert from "node:assert/strict";
import { openEmbeddings } from "cosine-lab/audit";
import { assertHandled } from "../assert_handled.ts";
import { complaintAbout } from "./complaint_about.ts";
import type { HostileFile } from "./hostile_file.ts";
import { runCommand } from "./run_command.ts";

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
