import { InputError, printable } from "../../errors.ts";
import { type CommandLine, parseCommand, usage } from "../cli.ts";
import type { EmbeddingFile } from "../formats/embedding_file.ts";
import { fileSource, openEmbeddings } from "../formats/open_embeddings.ts";
import { parseJson } from "../formats/json_text.ts";
import { assertMemory, DEFAULT_MEMORY } from "../formats/bytes.ts";
import { openOptionsOf } from "../open_audited.ts";
import { readPairs, sideColumns } from "../formats/side_columns.ts";
import { knownPairs, labelNumbers, type PairSide } from "../side_values.ts";
import { assertWritable, terminalProgress, writeFiles } from "../output.ts";
import { applyCorrection, npyBytes } from "./apply_correction.ts";
import {
  chooseCorrection,
  type Evidence,
  fixSummary,
  itemsById,
  pairEvidence,
} from "./choose_correction.ts";
import {
  type Correction,
  CORRECTION_NAMES,
  parseCorrection,
  parseTransform,
} from "./corrections.ts";
import { fitCorrection, foldInUsers } from "./fit_correction.ts";

/** Corrects embeddings: `audit fix FILE`. */
export async function fixCommand(args: string[]): Promise<number> {
  const parsed = fixArguments(args);
  if (parsed.help) {
    console.log(usage("fix"));
    return 0;
  }
  const inputs = [parsed.file, parsed.users, parsed.interactions, parsed.pairs, parsed.labels]
    .concat(parsed.apply, parsed.ids).filter((path) => path !== undefined);
  const options = { inputs, force: parsed.force };
  assertWritable(outputsOf(parsed), options);
  const columns = [parsed.labels, parsed.ids].filter((name) => name !== undefined);
  const opened = await openEmbeddings(parsed.file, openOptionsOf(parsed, columns));
  const found = sideColumns(
    { ids: parsed.ids ?? [], labels: parsed.labels ?? [], popularity: [] },
    opened,
    fileSource,
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
    say("Nothing was written; --correction NAME applies one all the same.");
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
  const { rows } = embeddings;
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
    const found = pairEvidence(readPairs(fileSource(pairs), pairs), embeddings, pairs);
    if (found.note !== null) say(found.note);
    evidence = found.evidence;
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
  embeddings: EmbeddingFile,
  say: (line: string) => void,
) {
  const { rows } = embeddings;
  if (users !== undefined) return (await openEmbeddings(users, { memory })).rows;
  if (interactions === undefined) return undefined;
  const index = itemsById(embeddings);
  const read = readPairs(fileSource(interactions), interactions);
  const sides: [PairSide, PairSide] = [{ what: "user", rows: null }, { what: "item", rows: index }];
  const { kept, note, weights } = knownPairs(read, sides, interactions);
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

/** What the command line of `audit fix` asks for. */
type FixArguments = CommandLine & { file: string; out: string; transform: string };

/** Reads the command line of `audit fix`. */
function fixArguments(args: string[]): FixArguments {
  const given = parseCommand("fix", args);
  const [file = ""] = given.files;
  const { out = `${withoutExtension(file)}.fixed.npy` } = given;
  const { transform = `${withoutExtension(out)}.transform.json` } = given;
  if (!given.help) assertSensible(given, out);
  return { ...given, file, out, transform };
}

function assertSensible(given: CommandLine, out: string): void {
  if (!/\.npy$/i.test(out)) {
    throw new InputError(`--out must end in .npy, current value is "${out}"`);
  }
  if (given.correction !== undefined) parseCorrection(given.correction);
  const named = (["labels", "pairs", "correction", "apply"] as const)
    .filter((name) => given[name] !== undefined);
  if (named.length === 0) {
    throw new InputError(
      "nothing says which correction is better: give --labels WHERE or --pairs FILE (two ids and an " +
        `optional weight a line), or name one by --correction: ${CORRECTION_NAMES}`,
    );
  }
  if (named.length > 1) {
    throw new InputError(`--${named[0]} and --${named[1]} cannot both be given`);
  }
  if (given.users !== undefined && given.interactions !== undefined) {
    throw new InputError("--users and --interactions cannot both be given");
  }
  if (given.apply === undefined) return;
  for (const name of ["users", "interactions", "transform", "normalize", "json"] as const) {
    if (given[name]) throw new InputError(`--${name} cannot be given with --apply`);
  }
}

/** A path without the end of its name. */
function withoutExtension(path: string): string {
  return path.replace(/\.[^./\\]+$/, "");
}
