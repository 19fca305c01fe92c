import { InputError, printable } from "../../errors.ts";
import { basename } from "node:path";
import { SEARCH } from "../audit_options.ts";
import { type CommandLine, parseCommand, usage } from "../cli.ts";
import { fileSource, openEmbeddings } from "../formats/open_embeddings.ts";
import { assertMemory, DEFAULT_MEMORY } from "../formats/bytes.ts";
import { openOptionsOf } from "../open_audited.ts";
import { sideColumns } from "../formats/side_columns.ts";
import { numericValues } from "../side_values.ts";
import { assertWritable, type OutputOptions, terminalProgress, writeFiles } from "../output.ts";
import { alignEmbeddings, compareEmbeddings, comparisonSize } from "./compare_embeddings.ts";
import type { ComparisonReport } from "./relation.ts";
import { looseIds, looseSentence } from "./matched_rows.ts";
import { compareHtml, compareSummary, COMPARISON_MARKER } from "./compare_report.ts";

/** Compares the embeddings of two runs: `audit compare A B`. */
export async function compareCommand(args: string[]): Promise<number> {
  const parsed = parseCommand("compare", args);
  if (parsed.help) {
    console.log(usage("compare"));
    return 0;
  }
  const { files: [pathOfA, pathOfB], html, json, map, force, popularity, ids, idsB } = parsed;
  const inputs = [pathOfA, pathOfB, popularity, ids, idsB].filter((path) => path !== undefined);
  const outputs: OutputOptions = {
    inputs,
    force,
    markers: [COMPARISON_MARKER, JSON_MARKER, MAP_MARKER],
  };
  const named = json === "-" ? undefined : json;
  assertWritable([html, named, map].filter((path) => path !== undefined), outputs);
  const { a, b, options } = await read(parsed);
  const widest = Math.max(a.rows.columns, b.rows.columns);
  assertMemory(
    pathOfA,
    `comparing vectors of ${widest} dimensions`,
    comparisonSize(a.rows, b.rows, parsed.sample ?? SEARCH.sample.fallback).bytes,
    parsed.memory ?? DEFAULT_MEMORY,
  );
  const bar = terminalProgress("Comparing");
  const report = compareEmbeddings(a.rows, b.rows, { ...options, onProgress: bar });
  bar.finish();
  const text = `${JSON.stringify(report, null, 2)}\n`;
  const transform = map === undefined
    ? undefined
    : alignEmbeddings(a.rows, b.rows, report, options);
  const names = { a: basename(pathOfA), b: basename(pathOfB) };
  const files = [
    ...(html === undefined ? [] : [{ path: html, content: compareHtml(report, names) }]),
    ...(named === undefined ? [] : [{ path: named, content: text }]),
    ...(map === undefined ? [] : [{ path: map, content: `${JSON.stringify(transform)}\n` }]),
  ];
  writeFiles(files, outputs);
  if (json === "-") console.log(text.trimEnd());
  else {
    for (const note of [...a.notes, ...b.notes]) console.log(printable(note));
    console.log(compareSummary(report, names));
    for (const { path } of files) console.log(`\nWritten: ${printable(path)}`);
  }
  const failure = gateFailure(report, parsed);
  if (failure === undefined) return 0;
  console.error(`audit compare: ${failure}`);
  return 1;
}

/** Below this share of the smaller file, the items in both say nothing about the rest. */
const LEAST_COVERAGE = 0.5;

/** Why a gate does not pass: too few items in both, an overlap too small, or none beyond chance. */
function gateFailure(
  { a, b, matched, overlap, floor, looseIds }: ComparisonReport,
  { minOverlap, minCoverage }: CommandLine,
): string | undefined {
  if (minOverlap === undefined && minCoverage === undefined) return undefined;
  const smaller = Math.min(a.items, b.items), least = minCoverage ?? LEAST_COVERAGE;
  if (matched.items < least * smaller) {
    return `${matched.items} of ${smaller} items are in both, less than --min-coverage ${least}` +
      (looseIds === null ? "" : `; ${looseSentence(looseIds)}`);
  }
  if (minOverlap === undefined) return undefined;
  if (overlap.mean < minOverlap) {
    return `neighbors overlap by ${overlap.mean.toFixed(3)}, less than ${minOverlap}`;
  }
  if (overlap.low > floor.overlap) return undefined;
  return `neighbors overlap by ${overlap.mean.toFixed(3)}, which is what shuffled items reach, ` +
    `${floor.overlap.toFixed(3)}: too few items for ${minOverlap} to mean anything`;
}

/** What a map holds, as a correction. */
const MAP_MARKER = '"correction":"map-';

/** What the JSON of a comparison holds, and no other. */
const JSON_MARKER = '"schema": "cosine-lab/comparison/';

async function read(parsed: CommandLine) {
  const { files: [a, b], ids: idsOfA, popularity, neighbors, sample, seed } = parsed;
  const idsOfB = parsed.idsB ?? idsOfA;
  const open = async (file: string, ids: string | undefined, popularity?: string) => {
    const columns = [ids, popularity].filter((name) => name !== undefined);
    const opened = await openEmbeddings(file, openOptionsOf(parsed, columns));
    const names = { ids: ids ?? [], labels: [], popularity: popularity ?? [] };
    return { ...opened, found: sideColumns(names, opened, fileSource) };
  };
  const first = await open(a, idsOfA, popularity);
  if (idsOfB !== undefined && first.found.ids === undefined) {
    throw new InputError(`--ids-b needs ids of A too, and ${a} has none: give --ids`);
  }
  const second = await open(b, idsOfB);
  const ofA = first.found.ids, ofB = second.found.ids;
  return {
    a: first,
    b: second,
    options: {
      idsOfA: ofA,
      idsOfB: parsed.looseIds && ofA && ofB ? looseIds(ofA, ofB) : ofB,
      popularity: first.found.popularity && numericValues("popularity", first.found.popularity),
      neighbors,
      sample,
      seed,
    },
  };
}
