import { basename } from "node:path";
import { commandLine, InputError, printable } from "../../io/program.ts";
import { COMMAND_OPTIONS, type CommandArguments, commandNumbers } from "../command_options.ts";
import { assertMemory, DEFAULT_MEMORY } from "../formats/memory_limit.ts";
import { openEmbeddings } from "../formats/open_embeddings.ts";
import { sideColumns } from "../formats/side_columns.ts";
import { numericValues } from "../side_values.ts";
import { terminalProgress } from "../terminal_progress.ts";
import { assertWritable, type OutputOptions, writeFiles } from "../write_files.ts";
import {
  alignEmbeddings,
  compareEmbeddings,
  comparisonSize,
  DEFAULT_SAMPLE,
} from "./compare_embeddings.ts";
import type { ComparisonReport } from "./comparison_report.ts";
import { looseIds, looseSentence } from "./matched_rows.ts";
import { compareHtml, compareSummary, COMPARISON_MARKER } from "./compare_report.ts";

/**
 * Compares the embeddings of two runs: `audit compare A B`.
 *
 * @param args What follows the word `compare`.
 * @returns The exit code: 1 where neighbors overlap less than `--min-overlap`.
 */
export async function compareCommand(args: string[]): Promise<number> {
  const parsed = compareArguments(args);
  if (parsed.help) {
    console.log(COMPARE_USAGE);
    return 0;
  }
  const { html, json, map, force, popularity } = parsed;
  const inputs = [parsed.a, parsed.b, popularity, parsed.idsOfA, parsed.idsOfB].filter((path) =>
    path !== undefined
  );
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
    parsed.a,
    `comparing vectors of ${widest} dimensions`,
    comparisonSize(a.rows, b.rows, parsed.sample ?? DEFAULT_SAMPLE).bytes,
    parsed.memory ?? DEFAULT_MEMORY,
  );
  const bar = terminalProgress("Comparing");
  const report = compareEmbeddings(a.rows, b.rows, { ...options, onProgress: bar });
  bar.finish();
  const text = `${JSON.stringify(report, null, 2)}\n`;
  const transform = map === undefined
    ? undefined
    : alignEmbeddings(a.rows, b.rows, report, options);
  const files = [
    ...(html === undefined
      ? []
      : [{ path: html, content: compareHtml(report, basename(parsed.a), basename(parsed.b)) }]),
    ...(named === undefined ? [] : [{ path: named, content: text }]),
    ...(map === undefined ? [] : [{ path: map, content: `${JSON.stringify(transform)}\n` }]),
  ];
  writeFiles(files, outputs);
  if (json === "-") console.log(text.trimEnd());
  else {
    for (const note of [...a.notes, ...b.notes]) console.log(printable(note));
    console.log(compareSummary(report));
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
  { minOverlap, minCoverage }: CompareArguments,
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

async function read(parsed: CompareArguments) {
  const { a, b, idsOfA, idsOfB, vectors, memory, popularity, neighbors, sample, seed } = parsed;
  const open = async (file: string, ids: string | undefined, popularity?: string) => {
    const columns = [ids, popularity].filter((name) => name !== undefined);
    const opened = await openEmbeddings(file, { vectors, memory, columns });
    const names = { ids: ids ?? [], labels: [], popularity: popularity ?? [] };
    return { ...opened, found: sideColumns(names, opened) };
  };
  const first = await open(a, idsOfA, popularity);
  if (idsOfB !== undefined && first.found.ids === undefined) {
    throw new InputError(`--ids-b needs ids of A too, and ${a} has none: give --ids`);
  }
  const second = await open(b, idsOfB);
  return {
    a: first,
    b: second,
    options: {
      idsOfA: parsed.looseIds ? first.found.ids && looseIds(first.found.ids) : first.found.ids,
      idsOfB: parsed.looseIds ? second.found.ids && looseIds(second.found.ids) : second.found.ids,
      popularity: first.found.popularity && numericValues("popularity", first.found.popularity),
      neighbors,
      sample,
      seed,
    },
  };
}

/** What the command line of `audit compare` asks for. */
interface CompareArguments extends Omit<CommandArguments, "ids"> {
  a: string;
  b: string;
  minOverlap?: number;
  minCoverage?: number;
  looseIds?: boolean;
  map?: string;
  popularity?: string;
  idsOfA?: string;
  idsOfB?: string;
  html?: string;
}

/**
 * Reads the command line of `audit compare`.
 *
 * @throws {TypeError} If an option is unknown.
 * @throws {InputError} If one has an impossible value, or there are not two files.
 */
function compareArguments(args: string[]): CompareArguments {
  const text = { type: "string" } as const;
  const {
    values: {
      "min-overlap": minOverlap,
      "min-coverage": minCoverage,
      "loose-ids": looseIds,
      ids,
      "ids-b": idsOfB,
      ...values
    },
    positionals,
  } = commandLine(args, {
    ...COMMAND_OPTIONS,
    "min-overlap": text,
    "min-coverage": text,
    "loose-ids": { type: "boolean", default: false },
    map: text,
    popularity: text,
    "ids-b": text,
    html: text,
  }, Infinity);
  if (!values.help && positionals.length !== 2) {
    throw new InputError(`there must be two files to compare, there are ${positionals.length}`);
  }
  if (values.html === "-") throw new InputError("--html must be a file, only --json takes -");
  return {
    ...values,
    idsOfA: ids,
    idsOfB: idsOfB ?? ids,
    a: positionals[0],
    b: positionals[1],
    minOverlap: share("--min-overlap", minOverlap),
    minCoverage: share("--min-coverage", minCoverage),
    looseIds,
    ...commandNumbers(values),
  };
}

function share(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() !== "" && number >= 0 && number <= 1) return number;
  throw new InputError(`${name} must be a number between 0 and 1, current value is "${value}"`);
}

/** What `audit compare --help` shows. */
const COMPARE_USAGE = `Usage: deno task audit compare A B [options]

Compares embeddings of the same items: two seeds of a training, two versions of a model, a file before
and after compression. Items are matched by their ids, or row by row where a file has none.

  --min-overlap X     exit with code 1 if nearest neighbors overlap less than this, between 0 and 1, or no
                      more than those of shuffled items, or too few items are in both
  --min-coverage X    the least share of the smaller file's items that must be in both for that (0.5)
  --loose-ids         match ids that differ in blanks, in case, or in what all ids of a file begin with
  --map FILE          write the map from A to B, which \`audit fix A --apply FILE\` applies
  --popularity WHERE  how popular each item is: a column of A, or a file with a value for each item
  --ids WHERE         what to call each item: a column of both, or a file with an id for each item of A
  --ids-b WHERE       the same for B, where it differs
  --html FILE         write a report that needs no network
  --json FILE         write all numbers; - prints them instead of the summary
  --force             let --html and --json replace files that no comparison wrote
  --vectors NAME      which array, tensor or column holds the vectors, where there are several
  --memory MB         the most memory that reading, or fitting maps, may take (1000)
  --neighbors N       how many nearest neighbors to compare (10)
  --sample N          among how many random items, at most, to look for them (5000)
  --seed TEXT         the same seed gives the same report (cosine-lab)
  --help              show this

Exit code: 0 when the comparison was made; 1 when neighbors overlap less than --min-overlap, or too few items are in both; 2 when the
input cannot be used.`;
