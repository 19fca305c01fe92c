import { basename } from "node:path";
import process from "node:process";
import { printable } from "../errors.ts";
import { runProgram } from "../io/program.ts";
import { auditEmbeddings } from "./audit_embeddings.ts";
import { type CommandLine, parseCommand, usage } from "./cli.ts";
import { fileSource, openEmbeddings } from "./formats/open_embeddings.ts";
import { SCHEMA } from "./measures/measures.ts";
import { openAudited } from "./open_audited.ts";
import { assertWritable, type OutputOptions, terminalProgress, writeFiles } from "./output.ts";
import { auditSummary } from "./report.ts";
import { auditHtml, HTML_MARKER } from "./report_html.ts";

/** The other commands, each loaded when it is asked for; any other word is a file to audit. */
const COMMANDS: Record<string, () => Promise<(args: string[]) => number | Promise<number>>> = {
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
  const named = Object.hasOwn(COMMANDS, args[0]);
  const name = named ? `audit ${args[0]}` : "audit";
  return await runProgram(name, async () => {
    return named ? await (await COMMANDS[args[0]]())(args.slice(1)) : await auditCommand(args);
  });
}

/** Audits a file: `audit FILE`. Exit code 1 means that `--fail-on` names what was found. */
async function auditCommand(args: string[]): Promise<number> {
  const parsed = parseCommand("audit", args);
  if (parsed.help) {
    console.log(usage("audit"));
    return 0;
  }
  const { files: [file], html, json, failOn = [] } = parsed;
  const outputs = outputOptions(parsed);
  assertWritable([html, json].filter(isFile), outputs);
  const { embeddings, options, notes, reportedNotes } = await openAudited(parsed, {
    open: openEmbeddings,
    bytes: fileSource,
  });
  const bar = terminalProgress("Auditing");
  const report = auditEmbeddings(embeddings.rows, { ...options, onProgress: bar });
  bar.finish();
  const numbers = `${JSON.stringify(report, null, 2)}\n`;
  const files = [
    ...(isFile(html) ? [{ path: html, content: auditHtml(report, basename(file)) }] : []),
    ...(isFile(json) ? [{ path: json, content: numbers }] : []),
  ];
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

const isFile = (path: string | undefined): path is string => path !== undefined && path !== "-";

/** What must not be written over, and what may: an earlier report, or anything by force. */
function outputOptions(parsed: CommandLine): OutputOptions {
  const { files: [file], users, userCounts, labels, popularity, ids, queries, pairs, force } =
    parsed;
  // Names of columns are no files, unless there are such files.
  const inputs = [file, users, userCounts, labels, popularity, ids, queries, pairs]
    .filter((path) => path !== undefined);
  return { inputs, force, markers: [HTML_MARKER, `"schema": "${SCHEMA}"`] };
}

if (import.meta.main) process.exitCode = await audit(process.argv.slice(2));
