import { InputError, printable } from "../../errors.ts";
import type { FileToWrite } from "../../io/files.ts";
import { type CommandLine, namedFiles } from "../cli.ts";
import type { EmbeddingFile } from "../formats/embedding_file.ts";
import { fileSource, openEmbeddings } from "../formats/open_embeddings.ts";
import { parseJson } from "../formats/json_text.ts";
import { assertMemory, DEFAULT_MEMORY } from "../formats/bytes.ts";
import { openOptionsOf } from "../open_audited.ts";
import { readPairs, sideColumns } from "../formats/side_columns.ts";
import { knownPairs, labelNumbers, type PairSide } from "../side_values.ts";
import { assertWritable, contentsOf, terminalProgress, writeFiles } from "../output.ts";
import { applyCorrection, fitCorrection, foldInUsers, npyBytes } from "./fit_and_apply.ts";
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

/** Corrects embeddings: `audit fix FILE`. */
export async function fixCommand(given: CommandLine): Promise<number> {
  const line = fixLine(given);
  const { read, written } = namedFiles(line);
  const outputs = { inputs: read, force: line.force };
  assertWritable(written, outputs);
  const columns = [line.labels, line.ids].filter((name) => name !== undefined);
  const opened = await openEmbeddings(line.file, openOptionsOf(line, columns));
  const found = sideColumns(
    { ids: line.ids ?? [], labels: line.labels ?? [], popularity: [] },
    opened,
    fileSource,
  );
  const embeddings = { ...opened, ids: found.ids };
  // Notes are printed at the end, since a refusal is one line.
  const lines = [...embeddings.notes];
  const say = (text: string) => void lines.push(...text.split("\n"));
  const { correction, report } = await correctionOf(line, embeddings, found, say);
  const json = report === null ? null : `${JSON.stringify(report, null, 2)}\n`;
  const isKept = report?.recommended === "as-is";
  const files = [
    ...(isKept ? [] : correctedFiles(line, embeddings, correction)),
    ...(json === null ? [] : contentsOf(line, { json: () => json })),
  ];
  writeFiles(files, outputs);
  if (isKept) say("Nothing was written; --correction NAME applies one all the same.");
  else for (const { path } of files) say(`Written: ${path}`);
  if (line.json !== "-") { for (const text of lines) console.log(printable(text)); }
  else if (json !== null) console.log(json.trimEnd());
  return 0;
}

/** The corrected vectors with their ids, and how new ones are corrected. */
function correctedFiles(
  line: FixLine,
  { rows, dtype, ids }: EmbeddingFile,
  correction: Correction,
): FileToWrite[] {
  const vectors = npyBytes(
    applyCorrection(correction, rows),
    dtype === "float64" ? "float64" : "float32",
  );
  return [
    { path: line.out, content: vectors },
    ...idFile(line.out, ids),
    ...contentsOf(line, { transform: () => `${JSON.stringify(correction)}\n` }),
  ];
}

/** About how many matrices of dimensions x dimensions a correction takes. */
const MATRICES = 6;

/** The correction that was asked for, or is chosen. */
async function correctionOf(
  line: FixLine,
  embeddings: EmbeddingFile,
  { labels }: { labels?: readonly (string | number)[] },
  say: (line: string) => void,
) {
  const { file, apply, correction, pairs, neighbors, sample, normalize, seed } = line;
  if (apply !== undefined) {
    const memory = line.memory ?? DEFAULT_MEMORY;
    const read: Correction = parseTransform(parseJson(fileSource(apply), memory), apply);
    say(`${read.correction}, as ${apply} says`);
    return { correction: read, report: null };
  }
  const { rows } = embeddings;
  assertMemory(
    file,
    `correcting vectors of ${rows.columns} dimensions`,
    MATRICES * 8 * rows.columns ** 2,
    line.memory ?? DEFAULT_MEMORY,
  );
  const users = await usersOf(line, embeddings, say);
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
  { users, interactions, memory, seed = "cosine-lab" }: FixLine,
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
function idFile(out: string, ids: readonly (string | number)[] | undefined): FileToWrite[] {
  if (ids === undefined) return [];
  const lines = !ids.some((id) => /[\r\n]/.test(String(id)));
  const content = lines ? `${ids.join("\n")}\n` : `${JSON.stringify(ids)}\n`;
  return [{ path: `${withoutExtension(out)}.ids.${lines ? "txt" : "json"}`, content }];
}

/** What the command line of `audit fix` asks for, with the files that it writes. */
type FixLine = CommandLine & { file: string; out: string };

function fixLine(given: CommandLine): FixLine {
  const { files: [file], labels, pairs, correction, apply } = given;
  if (correction !== undefined) parseCorrection(correction);
  if ([labels, pairs, correction, apply].every((way) => way === undefined)) {
    throw new InputError(
      "nothing says which correction is better: give --labels WHERE or --pairs FILE (two ids and an " +
        `optional weight a line), or name one by --correction: ${CORRECTION_NAMES}`,
    );
  }
  const out = given.out ?? `${withoutExtension(file)}.fixed.npy`;
  const transform = apply === undefined
    ? given.transform ?? `${withoutExtension(out)}.transform.json`
    : undefined;
  return { ...given, file, out, transform };
}

/** A path without the end of its name. */
function withoutExtension(path: string): string {
  return path.replace(/\.[^./\\]+$/, "");
}
