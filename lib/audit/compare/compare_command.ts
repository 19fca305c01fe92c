import { basename } from "node:path";
import { printable } from "../../errors.ts";
import { SEARCH } from "../audit_options.ts";
import { type CommandLine, namedFiles } from "../cli.ts";
import { assertMemory, DEFAULT_MEMORY } from "../formats/bytes.ts";
import { fileSource, openEmbeddings } from "../formats/open_embeddings.ts";
import { openCompared } from "../open_audited.ts";
import {
  assertWritable,
  contentsOf,
  type OutputOptions,
  terminalProgress,
  writeFiles,
} from "../output.ts";
import { alignEmbeddings, compareEmbeddings, comparisonSize } from "./compare_embeddings.ts";
import { compareHtml, compareSummary, COMPARISON_MARKER } from "./compare_report.ts";
import { looseSentence } from "./matched_rows.ts";
import { type ComparisonReport, count } from "./relation.ts";

/** What the JSON of a comparison holds, and no other file; and what a map holds, as a correction. */
const JSON_MARKER = '"schema": "cosine-lab/comparison/', MAP_MARKER = '"correction":"map-';

/** Compares the embeddings of two runs: `audit compare A B`. */
export async function compareCommand(line: CommandLine): Promise<number> {
  const { files: [pathOfA, pathOfB], json } = line;
  const { read, written } = namedFiles(line);
  const outputs: OutputOptions = {
    inputs: read,
    force: line.force,
    markers: [COMPARISON_MARKER, JSON_MARKER, MAP_MARKER],
  };
  assertWritable(written, outputs);
  const { a, b, options, notes } = await openCompared(line, {
    open: openEmbeddings,
    bytes: fileSource,
  });
  const widest = Math.max(a.rows.columns, b.rows.columns);
  assertMemory(
    pathOfA,
    `comparing vectors of ${widest} dimensions`,
    comparisonSize(a.rows, b.rows, line.sample ?? SEARCH.sample.fallback).bytes,
    line.memory ?? DEFAULT_MEMORY,
  );
  const bar = terminalProgress("Comparing");
  const report = compareEmbeddings(a.rows, b.rows, { ...options, onProgress: bar });
  bar.finish();
  const text = `${JSON.stringify(report, null, 2)}\n`;
  const names = { a: basename(pathOfA), b: basename(pathOfB) };
  const files = contentsOf(line, {
    html: () => compareHtml(report, names),
    json: () => text,
    map: () => `${JSON.stringify(alignEmbeddings(a.rows, b.rows, report, options))}\n`,
  });
  writeFiles(files, outputs);
  if (json === "-") console.log(text.trimEnd());
  else {
    for (const note of notes) console.log(printable(note));
    console.log(compareSummary(report, names));
    for (const { path } of files) console.log(`\nWritten: ${printable(path)}`);
  }
  const failure = gateFailure(report, line);
  if (failure === undefined) return 0;
  console.error(`audit compare: ${failure}`);
  return 1;
}

/** Below this share of the smaller file, the items in both say nothing about the rest. */
const LEAST_COVERAGE = 0.5;

/** Why a gate does not pass: too few items in both, an overlap too small, or none beyond chance. */
function gateFailure(
  { a, b, matched, overlap, floor, looseIds, relation }: ComparisonReport,
  { minOverlap, minCoverage }: CommandLine,
): string | undefined {
  if (minOverlap === undefined && minCoverage === undefined) return undefined;
  const smaller = Math.min(a.items, b.items), least = minCoverage ?? LEAST_COVERAGE;
  if (matched.items < least * smaller) {
    return `${count(matched.items)} of ${
      count(smaller)
    } items are in both, less than --min-coverage ` +
      `${least}${looseIds === null ? "" : `; ${looseSentence(looseIds)}`}`;
  }
  if (minOverlap === undefined) return undefined;
  const found = `neighbors overlap by ${overlap.mean.toFixed(3)}`;
  if (overlap.mean < minOverlap) {
    return `${found}, less than --min-overlap ${minOverlap} (relation: ${
      relation ?? "cannot be told"
    })`;
  }
  return overlap.low > floor.overlap
    ? undefined
    : `${found}, and by chance they do by ${
      floor.overlap.toFixed(3)
    }: it takes more than chance to ` +
      `pass --min-overlap`;
}
