import { terminalProgress } from "../terminal_progress.ts";
import type { EmbeddingFile } from "../formats/embedding_file.ts";
import { fileSource } from "../formats/file_source.ts";
import { parseJson } from "../formats/json.ts";
import { assertMemory, DEFAULT_MEMORY } from "../formats/memory_limit.ts";
import { openEmbeddings } from "../formats/open_embeddings.ts";
import { pairFile } from "../formats/pair_file.ts";
import { sideColumns } from "../formats/side_columns.ts";
import { labelNumbers } from "../side_values.ts";
import { assertWritable, writeFiles } from "../write_files.ts";
import { printable } from "../../boundary/printable.ts";
import { applyCorrection } from "./apply_correction.ts";
import { chooseCorrection } from "./choose_correction.ts";
import type { Correction } from "./correction.ts";
import type { Evidence } from "./evidence.ts";
import { fitCorrection } from "./fit_correction.ts";
import { type FixArguments, fixArguments, withoutExtension } from "./fix_arguments.ts";
import { fixSummary } from "./fix_summary.ts";
import { FIX_USAGE } from "./fix_usage.ts";
import { foldInUsers } from "./fold_in_users.ts";
import { idRows, knownPairs } from "./id_rows.ts";
import { npyBytes } from "./npy_bytes.ts";
import { parseTransform } from "./parse_transform.ts";

/**
 * Corrects embeddings: `audit fix FILE`.
 *
 * @param args What follows the word `fix`.
 * @returns The exit code.
 */
export async function fixCommand(args: string[]): Promise<number> {
  const parsed = fixArguments(args);
  if (parsed.help) {
    console.log(FIX_USAGE);
    return 0;
  }
  const inputs = [parsed.file, parsed.users, parsed.interactions, parsed.pairs, parsed.labels]
    .concat(parsed.apply, parsed.ids).filter((path) => path !== undefined);
  const options = { inputs, force: parsed.force };
  assertWritable(outputsOf(parsed), options);
  const opened = await openEmbeddings(parsed.file, {
    columns: [parsed.labels, parsed.ids].filter((name) => name !== undefined),
    vectors: parsed.vectors,
    memory: parsed.memory,
  });
  const found = sideColumns(
    { ids: parsed.ids ?? [], labels: parsed.labels ?? [], popularity: [] },
    opened,
  );
  const embeddings = { ...opened, ids: found.ids };
  // What is said is said in the end: a refusal is one line.
  const lines = [...embeddings.notes];
  const say = (line: string) => void lines.push(...line.split("\n"));
  const show = () => {
    if (parsed.json !== "-") { for (const line of lines) console.log(printable(line)); }
  };
  const { correction, report } = await correctionOf(parsed, embeddings, found, say);
  const json = report === null ? null : `${JSON.stringify(report, null, 2)}\n`;
  const numbers = parsed.json === undefined || parsed.json === "-" || json === null
    ? []
    : [{ path: parsed.json, content: json }];
  if (report !== null && report.recommended === "as-is") {
    writeFiles(numbers, options);
    say("Nothing is written; --correction NAME applies one all the same.");
    show();
    if (parsed.json === "-") console.log(json!.trimEnd());
    return 0;
  }
  const corrected = applyCorrection(correction, embeddings.rows);
  const dtype = embeddings.dtype === "float64" ? "float64" : "float32";
  const transform = `${JSON.stringify(correction)}\n`;
  const files = [
    { path: parsed.out, content: npyBytes(corrected, dtype) },
    ...idFile(parsed, embeddings.ids),
    ...(parsed.apply === undefined ? [{ path: parsed.transform, content: transform }] : []),
    ...numbers,
  ];
  writeFiles(files, options);
  for (const { path } of files) say(`Written: ${path}`);
  show();
  if (parsed.json === "-" && json !== null) console.log(json.trimEnd());
  return 0;
}

function outputsOf({ out, transform, apply, json }: FixArguments): string[] {
  return [
    out,
    ...(apply === undefined ? [transform] : []),
    ...(json === undefined || json === "-" ? [] : [json]),
  ];
}

/** About how many matrices of dimensions x dimensions a correction takes. */
const MATRICES = 6;

/** The correction that was asked for, or is chosen. */
async function correctionOf(
  parsed: FixArguments,
  embeddings: EmbeddingFile,
  { labels }: { labels?: readonly (string | number)[] },
  say: (line: string) => void,
) {
  const { file, apply, correction, pairs, neighbors, sample, normalize, seed } = parsed;
  if (apply !== undefined) {
    const memory = parsed.memory ?? DEFAULT_MEMORY;
    const read: Correction = parseTransform(parseJson(fileSource(apply), memory), apply);
    say(`${read.correction}, as ${apply} says`);
    return { correction: read, report: null };
  }
  const { rows, ids } = embeddings;
  assertMemory(
    file,
    `correcting vectors of ${rows.columns} dimensions`,
    MATRICES * 8 * rows.columns ** 2,
    parsed.memory ?? DEFAULT_MEMORY,
  );
  const users = await usersOf(parsed, embeddings, say);
  if (correction !== undefined) {
    const fitted = fitCorrection(rows, correction, { users, normalize, seed });
    if (fitted.shrinkage) say(`the covariance is shrunk by a share of ${fitted.shrinkage}`);
    return { correction: fitted, report: null };
  }
  let evidence: Evidence;
  if (pairs === undefined) evidence = { labels: labelNumbers(labels!) };
  else {
    const index = idRows(ids, rows.rows);
    const read = pairFile(pairs);
    const { kept, note, weights } = knownPairs(read, index, "both", pairs);
    if (note !== null) say(note);
    evidence = {
      pairs: {
        first: kept.map((i) => index.get(read.first[i])!),
        second: kept.map((i) => index.get(read.second[i])!),
        weights,
      },
    };
  }
  const bar = terminalProgress(`Trying corrections of ${file}`);
  const report = chooseCorrection(rows, evidence, {
    users,
    normalize,
    neighbors,
    sample,
    seed,
    onProgress: bar,
  });
  bar.finish();
  say("");
  say(fixSummary(report));
  return { correction: report.correction, report };
}

async function usersOf(
  { users, interactions, memory, seed = "cosine-lab" }: FixArguments,
  { rows, ids }: EmbeddingFile,
  say: (line: string) => void,
) {
  if (users !== undefined) return (await openEmbeddings(users, { memory })).rows;
  if (interactions === undefined) return undefined;
  const index = idRows(ids, rows.rows);
  const read = pairFile(interactions);
  const { kept, note, weights } = knownPairs(read, index, "second", interactions);
  if (note !== null) say(note);
  return foldInUsers(rows, {
    users: kept.map((i) => read.first[i]),
    items: kept.map((i) => index.get(read.second[i])!),
    weights,
  }, seed);
}

/** The ids, a line each; as JSON where one has lines of its own. */
function idFile({ out }: FixArguments, ids: readonly (string | number)[] | undefined) {
  if (ids === undefined) return [];
  const lines = !ids.some((id) => /[\r\n]/.test(String(id)));
  const content = lines ? `${ids.join("\n")}\n` : `${JSON.stringify(ids)}\n`;
  return [{ path: `${withoutExtension(out)}.ids.${lines ? "txt" : "json"}`, content }];
}
