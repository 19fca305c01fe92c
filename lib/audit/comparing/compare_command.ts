import { basename } from "node:path";
import { terminalProgress } from "../terminal_progress.ts";
import { InputError } from "../../boundary/input_error.ts";
import { printable } from "../../boundary/printable.ts";
import { openEmbeddings } from "../formats/open_embeddings.ts";
import { sideColumns } from "../formats/side_columns.ts";
import { numericValues } from "../side_values.ts";
import { assertWritable, type OutputOptions, writeFiles } from "../write_files.ts";
import { assertMemory, DEFAULT_MEMORY } from "../formats/memory_limit.ts";
import { type CompareArguments, compareArguments } from "./compare_arguments.ts";
import { DEFAULT_SAMPLE } from "./compare_options.ts";
import { comparisonSize } from "./comparison_size.ts";
import { compareEmbeddings } from "./compare_embeddings.ts";
import { compareHtml, COMPARISON_MARKER } from "./compare_html.ts";
import { compareSummary } from "./compare_summary.ts";
import { COMPARE_USAGE } from "./compare_usage.ts";

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
  const { html, json, force, popularity } = parsed;
  const inputs = [parsed.a, parsed.b, popularity, parsed.idsOfA, parsed.idsOfB].filter((path) =>
    path !== undefined
  );
  const outputs: OutputOptions = { inputs, force, markers: [COMPARISON_MARKER, JSON_MARKER] };
  const named = json === "-" ? undefined : json;
  assertWritable([html, named].filter((path) => path !== undefined), outputs);
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
  const files = [
    ...(html === undefined
      ? []
      : [{ path: html, content: compareHtml(report, basename(parsed.a), basename(parsed.b)) }]),
    ...(named === undefined ? [] : [{ path: named, content: text }]),
  ];
  writeFiles(files, outputs);
  if (json === "-") console.log(text.trimEnd());
  else {
    for (const note of [...a.notes, ...b.notes]) console.log(printable(note));
    console.log(compareSummary(report));
    for (const { path } of files) console.log(`\nWritten: ${printable(path)}`);
  }
  const least = parsed.minOverlap ?? 0;
  if (report.overlap.mean >= least) return 0;
  console.error(
    `audit compare: neighbors overlap by ${report.overlap.mean.toFixed(3)}, less than ${least}`,
  );
  return 1;
}

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
      idsOfA: first.found.ids,
      idsOfB: second.found.ids,
      popularity: first.found.popularity && numericValues("popularity", first.found.popularity),
      neighbors,
      sample,
      seed,
    },
  };
}
