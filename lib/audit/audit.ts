import { basename } from "node:path";
import process from "node:process";
import { printable } from "../errors.ts";
import { runProgram } from "../io/program.ts";
import { auditEmbeddings } from "./audit_embeddings.ts";
import { type Command, type CommandLine, namedFiles, parseCommand, usage } from "./cli.ts";
import { fileSource, openEmbeddings } from "./formats/open_embeddings.ts";
import { SCHEMA } from "./measures/measures.ts";
import { openAudited } from "./open_audited.ts";
import {
  assertWritable,
  contentsOf,
  type OutputOptions,
  terminalProgress,
  writeFiles,
} from "./output.ts";
import { auditSummary } from "./report.ts";
import { auditHtml, HTML_MARKER } from "./report_html.ts";

/** The commands, each loaded when it is asked for; any other word is a file to audit. */
const COMMANDS: Record<Command, () => Promise<(line: CommandLine) => Promise<number>>> = {
  audit: () => Promise.resolve(auditCommand),
  compare: async () => (await import("./compare/compare_command.ts")).compareCommand,
  fix: async () => (await import("./fix/fix_command.ts")).fixCommand,
};

/**
 * Runs the command line `audit …`; see {@linkcode runProgram}.
 *
 * @param args What follows the word `audit`.
 * @returns The exit code.
 */
export async function audit(args: string[]): Promise<number> {
  const named = args[0] === "compare" || args[0] === "fix";
  const command = named ? args[0] as Command : "audit";
  return await runProgram(named ? `audit ${command}` : command, async () => {
    const line = parseCommand(command, named ? args.slice(1) : args);
    if (!line.help) return await (await COMMANDS[command]())(line);
    console.log(usage(command));
    return 0;
  });
}

/** Audits a file: `audit FILE`. Exit code 1 means that `--fail-on` names what was found. */
async function auditCommand(line: CommandLine): Promise<number> {
  const { files: [file], json, failOn = [] } = line;
  const { read, written } = namedFiles(line);
  const outputs: OutputOptions = {
    inputs: read,
    force: line.force,
    // An earlier report.
    markers: [HTML_MARKER, `"schema": "${SCHEMA}"`],
  };
  assertWritable(written, outputs);
  const { embeddings, options, notes, reportedNotes } = await openAudited(line, {
    open: openEmbeddings,
    bytes: fileSource,
  });
  const bar = terminalProgress("Auditing");
  const report = auditEmbeddings(embeddings.rows, { ...options, onProgress: bar });
  bar.finish();
  const numbers = `${JSON.stringify(report, null, 2)}\n`;
  const files = contentsOf(line, {
    html: () => auditHtml(report, basename(file)),
    json: () => numbers,
  });
  writeFiles(files, outputs);
  for (const note of json === "-" ? [...notes, ...reportedNotes] : notes) {
    console.error(`audit: ${printable(note)}`);
  }
  if (json === "-") process.stdout.write(numbers);
  else {
    console.log(auditSummary(report));
    for (const { path } of files) console.log(`\nWritten: ${printable(path)}`);
  }
  const found = [report.verdict.level, ...report.verdict.flags];
  const failed = failOn.filter((name) => found.some((word) => word === name));
  if (failed.length > 0) console.error(`audit: --fail-on names ${failed.join(", ")}`);
  return failed.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = await audit(process.argv.slice(2));
