/**
 * The kinds of files that are read, and how a file shows which it is of.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { openFbin, openFvecs } from "./arrays.ts";
import { bytesAt, type ByteSource } from "./bytes.ts";
import { csvTable, SEPARATOR } from "./csv.ts";
import type { FullOpenOptions, ReadFile } from "./embedding_file.ts";
import { jsonLinesTable, jsonTable } from "./json.ts";
import { isSafetensors, isZip, openNpz, openSafetensors } from "./named_arrays.ts";
import { isNpy, openNpy, rawNumbers } from "./npy.ts";
import { isNumber, isVector } from "./numbers.ts";
import { refusedEnd, refusedStart } from "./refused_kinds.ts";
import type { Table } from "./table.ts";
import { openWord2vecBinary, word2vecHeader, wordVectorTable } from "./word_vectors.ts";

type Reader<Result> = (
  source: ByteSource,
  options: FullOpenOptions,
) => Result | Promise<Result>;

/** A kind of file, and how it is read: as a table, or as rows of numbers. */
interface FileKind {
  /** How usage, errors and the audit page name it; undefined where another kind's name says it. */
  shown?: string;
  /** How its names end. */
  ends: readonly string[];
  /** Whether a file that starts so is of this kind, whatever its name; a letter for each byte. */
  starts?: (start: string, size: number) => boolean;
  /** Whether it is text, whose first lines tell more than its name. */
  text?: true;
  table?: Reader<Table>;
  rows?: Reader<ReadFile>;
}

const kinds = <Name extends string>(table: Record<Name, FileKind>) => table;

/** The kinds that are read. Large readers that are seldom needed are loaded on demand. */
const KINDS = kinds({
  npy: { shown: ".npy", ends: ["npy"], starts: isNpy, rows: openNpy },
  npz: {
    shown: ".npz",
    ends: ["npz"],
    starts: isZip,
    rows: openNpz,
  },
  safetensors: {
    shown: ".safetensors",
    ends: ["safetensors"],
    starts: isSafetensors,
    rows: openSafetensors,
  },
  parquet: {
    shown: ".parquet",
    ends: ["parquet", "pq"],
    starts: (start) => start.startsWith("PAR1"),
    table: async (source, options) => (await import("./parquet.ts")).parquetTable(source, options),
  },
  arrow: {
    shown: ".arrow or .feather",
    ends: ["arrow", "arrows", "feather", "ipc"],
    starts: (start) => start.startsWith("ARROW1"),
    table: async (source, options) => (await import("./arrow.ts")).arrowFile(source, options),
  },
  csv: { shown: ".csv", ends: ["csv"], text: true, table: csvTable },
  tsv: {
    shown: ".tsv",
    ends: ["tsv", "tab"],
    text: true,
    table: (source, options) => csvTable(source, options, ["\t"]),
  },
  json: { shown: ".json", ends: ["json"], text: true, table: jsonTable },
  jsonl: { shown: ".jsonl", ends: ["jsonl", "ndjson"], text: true, table: jsonLinesTable },
  words: {
    shown: "word vectors (.vec, .txt, .bin)",
    ends: ["vec", "txt", "glove", "w2v"],
    table: wordVectorTable,
  },
  word2vec: { ends: ["bin"], rows: openWord2vecBinary },
  fvecs: {
    shown: ".fvecs",
    ends: ["fvecs"],
    rows: (source) => openFvecs(source, "float32"),
  },
  bvecs: { shown: ".bvecs", ends: ["bvecs"], rows: (source) => openFvecs(source, "uint8") },
  fbin: { shown: ".fbin", ends: ["fbin"], rows: (source) => openFbin(source, "float32") },
  u8bin: { ends: ["u8bin"], rows: (source) => openFbin(source, "uint8") },
  i8bin: { ends: ["i8bin"], rows: (source) => openFbin(source, "int8") },
});

type KindName = keyof typeof KINDS;

const NAMES = Object.keys(KINDS) as KindName[];
const SHOWN = NAMES.flatMap((name) => (KINDS[name] as FileKind).shown ?? []);

/** The kinds that are read, as usage, errors and the audit page name them. */
export const KINDS_READ = `${SHOWN.slice(0, -1).join(", ")} or ${
  SHOWN.at(-1)
}, also packed by gzip (.gz) or alone in a .zip`;

/** Other ends that texts of vectors have, whose kind their first lines tell. */
const OTHER_ENDS = ["emb", "emd", "embeddings", "itememb", "useremb", "dat", "data", "md"];

/** How the names of files end that are read, for a file chooser. */
export const ENDS_READ = [...NAMES.flatMap((name) => KINDS[name].ends), ...OTHER_ENDS, "gz", "zip"]
  .map((end) => `.${end}`);

/** How much of a file tells its kind: more than a line takes. */
const START = 1 << 16;

/**
 * Finds out how a file is to be read: by how it starts, where the format has a mark; else by the end
 * of its name; else by what its text looks like.
 *
 * @param path Its name, for its end.
 * @throws {InputError} If it is empty, or of a kind that is not read; what to type instead is said.
 */
export function fileKind(source: ByteSource, path: string): FileKind {
  return KINDS[kindName(source, path)];
}

function kindName(source: ByteSource, path: string): KindName {
  const { name, size } = source;
  if (size === 0) throw new InputError(`${name} is empty`);
  const start = bytesAt(source, 0, Math.min(START, size));
  const latin = latinText(start);
  const refuse = (refused: string | undefined) => {
    if (refused !== undefined) throw new InputError(refused);
  };
  refuse(refusedStart(name, latin, path));
  const marked = NAMES.find((kind) => (KINDS[kind] as FileKind).starts?.(latin, size));
  if (marked !== undefined) return marked;
  const end = /\.([a-z0-9]+)$/i.exec(path)?.[1].toLowerCase() ?? "";
  const named = NAMES.find((kind) => KINDS[kind].ends.includes(end));
  if (named === undefined) refuse(refusedEnd(name, path));
  const isText = !isBinary(start) || isHive(latin);
  if (named !== undefined && named !== "word2vec" && named !== "words") {
    return (KINDS[named] as FileKind).text ? textKind(latin, named) : named;
  }
  if (word2vecHeader(source) !== null) return wordsKind(source, start, named ?? "word2vec");
  if (isText || named === "words") return textKind(latin, named);
  throw new InputError(
    `${name} is ${
      named === undefined
        ? `of none of the kinds that are read: ${KINDS_READ}`
        : "no word2vec .bin file: it does not start with how many words and dimensions it has"
    }. ${rawNumbers(name)}`,
  );
}

function isBinary(start: Uint8Array): boolean {
  return start.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte));
}

/** Word vectors come under .bin, .vec and .txt as text and in binary. */
function wordsKind(source: ByteSource, start: Uint8Array, named: KindName): KindName {
  const header = word2vecHeader(source)!;
  // The first word is followed by numbers as text, or by the bytes of floats.
  const rest = start.subarray(header.offset);
  const after = rest.subarray(rest.indexOf(0x20) + 1);
  const end = after.indexOf(0x0a);
  const text = latinText(end < 0 ? after : after.subarray(0, end));
  if (named === "words") return /^[\t\r -~]+$/.test(text) ? "words" : "word2vec";
  const whole = end < 0 || text.trim().split(/[ \t]+/).length === header.columns;
  return whole && /^[\d\s.einfa+-]+$/i.test(text) ? "words" : "word2vec";
}

/** A letter for each byte. */
function latinText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/** The kind of a text by its first lines, or by its name where they say nothing. */
function textKind(text: string, named?: KindName): KindName {
  const trimmed = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (
    /^\{\s*["}]/.test(trimmed) || /^\[\s*([[{"\]]|$)/.test(trimmed) || named?.startsWith("json")
  ) {
    return isJsonLines(trimmed, named === "jsonl") ? "jsonl" : "json";
  }
  if (named === "tsv" && trimmed.includes("\t")) return "tsv";
  const found = delimited(trimmed);
  if (named === "csv" || named === "tsv") {
    return found ?? (isSpaced(trimmed) ? "words" : named === "tsv" ? "csv" : named);
  }
  return found ?? "words";
}

/** Hive parts cells, and the entries of a list, by bytes that are no text. */
function isHive(text: string): boolean {
  return text.includes("\x01") &&
    Array.from(text).every((letter) => letter >= " " || "\x01\x02\t\r\n".includes(letter));
}

/** The first lines that hold something, the last of which may be cut off. */
function firstLines(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !/^#\s/.test(line));
  return lines.length > 1 ? lines.slice(0, -1) : lines;
}

/** Whether spaces part numbers, and nothing else does. */
function isSpaced(text: string): boolean {
  const lines = firstLines(text);
  const cells = (lines.at(-1) ?? "").trim().split(/\s+/);
  return !lines.some((line) => SEPARATOR.test(line)) && cells.length > 2 &&
    cells.slice(-2).every((cell) => isNumber(cell));
}

/**
 * Whether lines are cells: those of tabs with a vector in one of them or a header over numbers, and
 * those of other marks where blanks separate nothing.
 */
function delimited(text: string): KindName | undefined {
  const all = firstLines(text);
  const whole = all.filter((line) => !/^[\s|+:=-]*--[\s|+:=-]*$/.test(line));
  if (whole.length < all.length && whole.some((line) => line.includes("|"))) return "csv";
  const [first = "", second = first] = whole;
  if (isHive(second)) return "csv";
  const tabs = second.split("\t");
  if (tabs.length > 1) {
    const header = first.split("\t");
    const isTable = tabs.some((cell) => isVector(cell)) ||
      header.length > 1 && header.slice(1).every((cell) => !isNumber(cell)) ||
      tabs.slice(1, -1).some((cell) => !isNumber(cell) && cell !== "");
    return isTable ? "tsv" : undefined;
  }
  const sample = second.trim();
  if (WORD_AND_LIST.some((line) => line.test(sample))) return "words";
  if (/[\[{(]/.test(sample) && isVector(sample)) return "csv";
  const cells = sample.split(/ +/);
  const commas = cells.filter((cell) => /^[+-]?\d+,\d+$/.test(cell)).length;
  if (cells.length > 2 && commas > 0.5 * cells.length) return "words";
  const blanks = cells.length;
  const marks = sample.split(SEPARATOR).length;
  if (marks > 1 && marks >= blanks) return "csv";
  // A table with text after its numbers does not hold word vectors.
  const words = sample.split(/ +/);
  const isTable = first.trim().split(/ +/).length === words.length && words.length > 3 &&
    words.filter((word) => isNumber(word)).length >= 0.5 * words.length &&
    !isNumber(words.at(-1)!) && !first.split(/ +/).some((word) => isNumber(word));
  return isTable ? "csv" : undefined;
}

/** `word: [0.1, 0.2]`, and `word 0.1, 0.2`. */
const WORD_AND_LIST = [
  /^[^,;|[({]+[:=\s]\s*[[({][^[\](){}]*[\])}],?$/,
  /^[^,;|]*\p{L}[^,;|]*\s[+-]?\d*\.\d+(\s*,\s*[+-]?[\d.]+(e[+-]?\d+)?)+$/iu,
];

/** Whether several records stand on a line each; a single one where the name says so. */
function isJsonLines(text: string, named: boolean): boolean {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  const [first = "", second = named ? first : ""] = lines;
  // A first line without an end is a record of many coordinates; of lines that are cut off others are whole.
  if (named && (!/^[[{]/.test(first) || !/[\r\n]/.test(text))) return true;
  if (named && lines.slice(0, 10).some((line) => /^\{.+\},?$/.test(line))) return true;
  return /^(\xef\xbb\xbf)?\{.*\}$/.test(first) && second.startsWith("{") ||
    /^\[.*\]$/.test(first) && second.startsWith("[");
}
