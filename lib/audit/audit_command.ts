import { printable } from "../io/input_error.ts";
import { basename } from "node:path";
import process from "node:process";
import { auditEmbeddings } from "./audit_embeddings.ts";
import { SCHEMA } from "./measures/measures.ts";
import { type CommandLine, parseCommand, usage } from "./cli.ts";
import { fileSource, openEmbeddings } from "./formats/open_embeddings.ts";
import { openAudited } from "./open_audited.ts";
import { auditSummary } from "./report_text.ts";
import { auditHtml, HTML_MARKER } from "./report_html.ts";
import { assertWritable, type OutputOptions, terminalProgress, writeFiles } from "./output.ts";

/**
 * Audits a file: `audit FILE`.
 *
 * @param args The command line.
 * @returns The exit code: 1 where the verdict is one of those that `--fail-on` names.
 */
export async function auditCommand(args: string[]): Promise<number> {
  const parsed = parseCommand("audit", args);
  if (parsed.help) {
    console.log(usage("audit"));
    return 0;
  }
  const { files: [file], html, json, failOn = [] } = parsed;
  const outputs = outputOptions(parsed);
  assertWritable([html, json].filter(isFile), outputs);
  const { embeddings, options, notes } = await openAudited(parsed, {
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
  for (const note of notes) console.error(`audit: ${printable(note)}`);
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
