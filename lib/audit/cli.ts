import { InputError } from "../errors.ts";
import { parseArgs } from "node:util";
import { SEARCH } from "./audit_options.ts";
import { CORRECTION_NAMES } from "./fix/corrections.ts";
import { KINDS_READ } from "./formats/file_kinds.ts";
import { TRAININGS } from "./measures/free_group.ts";
import { FLAGS } from "./measures/measures.ts";
import { LEVELS } from "./verdict.ts";
import { wordDistance } from "./word_distance.ts";

/** How wide the usage is, and where it begins to say what an option is for. */
const WIDTH = 100, INDENT = 24;

/** The commands of the audit: `audit FILE`, `audit compare A B` and `audit fix FILE`. */
export type Command = "audit" | "compare" | "fix";

/** An option: everything that its parsing, its checks, the usage and the manual say of it. */
interface Option {
  /** The commands that take it. */
  in: readonly Command[];
  /** What its value is called; without one of these three the option takes no value. */
  value?: string;
  /** What a file is called that is read, or that may be a column's name; and one that is written. */
  reads?: string;
  writes?: string;
  /** What the value must be; any text without it. */
  is?: "integer" | "share" | "yes or no" | "name of a .npy file";
  /** The least integer. */
  least?: number;
  /** The values that there are; with `list`, several of them separated by commas. */
  choices?: readonly string[];
  list?: true;
  /** The value where none is given, for the usage. */
  default?: string;
  /** Another option that must be given, too, in these commands. */
  needs?: { option: string; in: readonly Command[] };
  /** The options that cannot be given beside it, in these commands. */
  not?: { options: readonly string[]; in: readonly Command[] };
  /** What it is for, by command where it differs. */
  says: string | { [command in Command]?: string };
  /** Further lines of the usage. */
  more?: readonly string[];
}

const ALL = ["audit", "compare", "fix"] as const;

/** The options of the three commands, in the order of the usage. A new one is a line here. */
export const OPTIONS = {
  trained: {
    in: ["audit"],
    value: "HOW",
    choices: TRAININGS,
    default: "unknown",
    says: "how the model was trained",
    more: [
      "product   on dot products, no weight decay on each side (dropout,",
      "          denoising, Eq. 1)",
      "factors   on dot products, weight decay on users and items (Eq. 2)",
      "softmax   on a softmax over the items",
      "sum       the vectors are sums of both sides (GloVe)",
      "cosine    on cosines, or normalized within the model",
    ],
  },
  biases: {
    in: ["audit"],
    says: "the model has a bias for each item and user (for product and sum)",
  },
  users: {
    in: ["audit", "fix"],
    reads: "FILE",
    says: {
      audit: "the users' embeddings, of the same dimensions; for sum, the context vectors",
      fix: "the users' embeddings, with which canonical-0 to canonical-1 are tried, too",
    },
  },
  "user-counts": {
    in: ["audit"],
    reads: "WHERE",
    needs: { option: "users", in: ["audit"] },
    says: "how often each user counts in the decay, where that is scaled by counts",
  },
  interactions: {
    in: ["fix"],
    reads: "FILE",
    not: { options: ["users"], in: ["fix"] },
    says: "a user and an item a line, from which users' embeddings are computed",
  },
  popularity: {
    in: ["audit", "compare"],
    reads: "WHERE",
    says: {
      audit: "how popular each item is; as counts, where the decay is scaled by them",
      compare: "how popular each item of A is",
    },
  },
  labels: {
    in: ["audit", "fix"],
    reads: "WHERE",
    not: { options: ["pairs", "correction", "apply"], in: ["fix"] },
    says: "the label of each item",
  },
  ids: {
    in: ALL,
    reads: "WHERE",
    says: {
      audit: "the id of each item",
      compare: "the id of each item of A, and of B where it has such a column",
      fix: "the id of each item",
    },
  },
  "ids-b": { in: ["compare"], reads: "WHERE", says: "the id of each item of B" },
  "loose-ids": {
    in: ["compare"],
    says: "match ids that differ only in blanks, in case, or in a prefix of all ids of a file",
  },
  queries: {
    in: ["audit"],
    reads: "FILE",
    says: "the vectors of queries, by which items are looked up",
  },
  pairs: {
    in: ["audit", "fix"],
    reads: "FILE",
    needs: { option: "queries", in: ["audit"] },
    not: { options: ["correction", "apply"], in: ["fix"] },
    says: {
      audit: "which items are relevant to which queries: two ids and a weight a line",
      fix:
        "items that belong together, such as co-clicks: two ids and an optional weight a line, " +
        ".tsv, .csv, .txt, .json or .jsonl; or TREC's qrels",
    },
  },
  "fail-on": {
    in: ["audit"],
    value: "LIST",
    choices: [...LEVELS, ...FLAGS],
    list: true,
    says: "levels and flags, separated by commas, that end in exit code 1",
  },
  "min-overlap": {
    in: ["compare"],
    value: "X",
    is: "share",
    says:
      "exit code 1 if nearest neighbors overlap by less than this (0 to 1) or by no more than " +
      "those of shuffled items, or if too few items are in both",
  },
  "min-coverage": {
    in: ["compare"],
    value: "X",
    is: "share",
    default: "0.5",
    says: "exit code 1 if less than this share of the smaller file's items is in both",
  },
  map: {
    in: ["compare"],
    writes: "FILE",
    says: "write the map from A to B, which audit fix --apply takes",
  },
  correction: {
    in: ["fix"],
    value: "NAME",
    not: { options: ["apply"], in: ["fix"] },
    says: `apply this one without evidence: ${CORRECTION_NAMES}`,
  },
  apply: {
    in: ["fix"],
    reads: "TRANSFORM",
    not: {
      options: ["users", "interactions", "transform", "normalize", "json"],
      in: ["fix"],
    },
    says: "correct the vectors of FILE as a transform.json says",
  },
  normalize: { in: ["fix"], says: "scale the corrected vectors to length 1" },
  out: {
    in: ["fix"],
    writes: "FILE",
    is: "name of a .npy file",
    says: "the corrected vectors (FILE.fixed.npy); ids go beside it, as .ids.txt or .json",
  },
  transform: {
    in: ["fix"],
    writes: "FILE",
    says: "where the transform goes (beside the vectors, .transform.json)",
  },
  html: {
    in: ["audit", "compare"],
    writes: "FILE",
    says: "write the report as a page that needs no network",
  },
  json: {
    in: ALL,
    writes: "FILE",
    says: "write all numbers; - prints them instead of the summary",
  },
  force: { in: ALL, says: "replace files that exist and are not earlier reports" },
  header: {
    in: ALL,
    value: "yes|no",
    is: "yes or no",
    says: "whether the first line of a table holds names",
  },
  columns: {
    in: ALL,
    value: "LIST",
    says: "the columns of a table that are coordinates: names separated by commas, or f0-f23",
  },
  vectors: {
    in: ALL,
    value: "NAME",
    says: "which array, tensor, column or path holds the vectors, where there are several",
  },
  strict: {
    in: ALL,
    says: "refuse a file with records that cannot be used, instead of leaving them out",
  },
  memory: {
    in: ALL,
    value: "MB",
    is: "integer",
    least: 1,
    default: "1000",
    says: "the most memory that reading, or fitting maps, may take",
  },
  neighbors: {
    in: ALL,
    value: "N",
    is: "integer",
    least: 1,
    default: `${SEARCH.neighbors.fallback}`,
    says: "how many nearest neighbors to compare",
  },
  sample: {
    in: ALL,
    value: "N",
    is: "integer",
    least: 10,
    default: `${SEARCH.sample.fallback}`,
    says: "among how many random items to look for neighbors",
  },
  seed: {
    in: ALL,
    value: "TEXT",
    default: SEARCH.seed.fallback,
    says: "the same seed gives the same report",
  },
} as const satisfies Record<string, Option>;

type Name = keyof typeof OPTIONS;
type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;
type Value<O> = O extends { list: true; choices: readonly (infer T)[] } ? T[]
  : O extends { choices: readonly (infer T)[] } ? T
  : O extends { is: "integer" | "share" } ? number
  : O extends { is: "yes or no" } ? boolean
  : O extends { value: string } | { reads: string } | { writes: string } ? string
  : boolean;

/** What a command line gives: the files, and the options by name, `min-overlap` as `minOverlap`. */
export type CommandLine =
  & { files: string[]; help: boolean }
  & { [N in Name as Camel<N>]?: Value<(typeof OPTIONS)[N]> };

/** The files that each command takes, and what to do with them. */
const FILES: Record<Command, { count: number; what: string }> = {
  audit: { count: 1, what: "file to audit" },
  compare: { count: 2, what: "files to compare" },
  fix: { count: 1, what: "file to correct" },
};

/** Reads the command line of a command by {@linkcode OPTIONS}. */
export function parseCommand(command: Command, args: string[]): CommandLine {
  const options = Object.fromEntries(
    Object.entries(OPTIONS as Record<string, Option>).filter(([, option]) =>
      option.in.includes(command)
    ).map(([name, option]) => [name, { type: takes(option) === undefined ? "boolean" : "string" }]),
  ) as Record<string, { type: "string" | "boolean" }>;
  const { tokens } = parseArgs({
    args,
    options: { ...options, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const files: string[] = [];
  const given = new Map<string, unknown>();
  for (const token of tokens) {
    if (token.kind === "positional") files.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help") return { files: [], help: true };
    const value = valueOf(command, token), before = given.get(token.name);
    if (before !== undefined && !Array.isArray(before) && before !== value) {
      throw new InputError(`${token.rawName} is given twice: "${before}" and "${value}"`);
    }
    given.set(token.name, Array.isArray(before) ? before.concat(value) : value);
  }
  const { count, what } = FILES[command];
  if (files.length !== count) {
    const named = files.length === 0 ? "" : `: ${files.join(", ")}`;
    throw new InputError(
      count === 1
        ? files.length === 0
          ? `there must be a ${what} (--help shows how)`
          : `there must be one ${what}, there are ${files.length}${named}${commandHint(files)}`
        : `there must be two ${what}, there are ${files.length}${named}`,
    );
  }
  for (const name of given.keys()) {
    const { needs, not } = (OPTIONS as Record<string, Option>)[name];
    if (needs?.in.includes(command) && !given.has(needs.option)) {
      throw new InputError(`--${name} must come with --${needs.option}`);
    }
    const other = not?.in.includes(command) && not.options.find((option) => given.has(option));
    if (other) throw new InputError(`--${name} and --${other} cannot both be given`);
  }
  const line = {
    ...Object.fromEntries(Array.from(given, ([name, value]) => [camel(name), value])),
    files,
    help: false,
  };
  for (const path of namedFiles(line).read) {
    if (/^[a-z][\w+.-]*:\/\//i.test(path)) {
      throw new InputError(`${path} is an address, and nothing is downloaded: name a file`);
    }
    if (path === "-") throw new InputError("standard input is not read: name a file in place of -");
  }
  return line;
}

/**
 * The files that a command line names: those that are read, and those that are written. What may be the name
 * of a column counts as a file, which it is if there is one.
 */
export function namedFiles(line: Partial<CommandLine>): { read: string[]; written: string[] } {
  const of = (kind: "reads" | "writes") =>
    Object.entries(OPTIONS as Record<string, Option>)
      .filter(([, option]) => option[kind] !== undefined)
      .map(([name]) => line[camel(name) as keyof CommandLine])
      .filter((path): path is string => typeof path === "string");
  return {
    read: [...line.files ?? [], ...of("reads")],
    written: of("writes").filter((path) => path !== "-"),
  };
}

/** What was meant, where the first of several files is nearly the name of a command, or there are two. */
function commandHint([first, ...others]: string[]): string {
  const meant = ["compare", "fix"].find((name) => wordDistance(first.toLowerCase(), name) <= 2);
  if (meant !== undefined) return `; did you mean audit ${meant}?`;
  return others.length === 1 ? "; audit compare A B compares two" : "";
}

/** The value of an option as it was typed, checked. */
function valueOf(
  command: Command,
  { name, rawName, value, inlineValue }: {
    name: string;
    rawName: string;
    value?: string;
    inlineValue?: boolean;
  },
): unknown {
  const option = Object.hasOwn(OPTIONS, name) && rawName.startsWith("--")
    ? (OPTIONS as Record<string, Option>)[name]
    : undefined;
  if (option === undefined || !option.in.includes(command)) {
    throw new InputError(unknown(command, name, rawName, option));
  }
  const missing = value === undefined || !inlineValue && /^-[^\d.]/.test(value);
  const called = takes(option);
  if (called === undefined) {
    if (value !== undefined) throw new InputError(`${rawName} takes no value`);
    return true;
  }
  if (missing) throw new InputError(`${rawName} needs a value: ${rawName} ${called}`);
  const refuse = (allowed: string): never => {
    throw new InputError(`${rawName} must be ${allowed}, current value is "${value}"`);
  };
  if (name === "html" && value === "-") {
    throw new InputError("--html must be a file, only --json takes -");
  }
  switch (option.is) {
    case "integer": {
      const number = Number(value);
      const fits = /^\d+$/.test(value) && number >= option.least! && Number.isSafeInteger(number);
      return fits ? number : refuse(`an integer of at least ${option.least}`);
    }
    case "share": {
      const number = Number(value);
      const fits = value.trim() !== "" && number >= 0 && number <= 1;
      return fits ? number : refuse("a number between 0 and 1");
    }
    case "yes or no":
      return value === "yes" || value !== "no" && refuse("yes or no");
    case "name of a .npy file":
      return /\.npy$/i.test(value) ? value : refuse("the name of a .npy file");
  }
  const { choices, list } = option;
  if (choices === undefined) return value;
  const words = list ? value.split(",").map((word) => word.trim()) : [value];
  const wrong = words.find((word) => !choices.includes(word));
  if (wrong === undefined) return list ? words : value;
  const meant = nearest(wrong, choices);
  throw new InputError(
    meant === undefined
      ? `${rawName} must be ${choices.slice(0, -1).join(", ")} or ${
        choices.at(-1)
      }, current value ` +
        `is "${wrong}"`
      : `${rawName} knows no "${wrong}"; did you mean ${meant}?`,
  );
}

function unknown(
  command: Command,
  name: string,
  rawName: string,
  option: Option | undefined,
): string {
  const called = command === "audit" ? "audit" : `audit ${command}`;
  if (option !== undefined) {
    const others = option.in.map((other) => other === "audit" ? "audit FILE" : `audit ${other}`);
    return `${called} has no option ${rawName}, it is one of ${others.join(" and ")}`;
  }
  const names = Object.keys(OPTIONS)
    .filter((known) => OPTIONS[known as Name].in.some((other) => other === command));
  const meant = nearest(name, names);
  return `there is no option ${rawName}` +
    (meant === undefined ? " (--help shows those there are)" : `; did you mean --${meant}?`);
}

/** The word that was meant, if one is near. */
function nearest(word: string, words: readonly string[]): string | undefined {
  const close = words.map((known) => ({ known, off: wordDistance(word, known) }))
    .filter(({ known, off }) =>
      off <= Math.min(2, Math.floor(known.length / 2)) || word.length >= 4 && known.startsWith(word)
    );
  return close.sort((a, b) => a.off - b.off)[0]?.known;
}

function camel(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

const WHERE =
  `WHERE is a column of the file, or a file with a value for each item or with ids and ` +
  "values.";

/** What stands above and below the options of each command. */
const USAGE: Record<Command, { above: string; below: string }> = {
  audit: {
    above: `Usage: deno task audit FILE [options]
       deno task audit compare A B [options]    two runs of one model: how much is a choice?
       deno task audit fix FILE [options]       choose a correction by evidence, and apply it

${
      wrap(
        `Finds out how far the cosines of embeddings can be trusted. FILE has a row for each item: ${KINDS_READ}.`,
      )
    }`,
    below: `${wrap(`${WHERE} --user-counts takes a column of the users' file.`)}
${wrap(`Levels: ${LEVELS.join(", ")}.`)}
${wrap(`Flags: ${FLAGS.join(", ")}.`)}

Exit code: 0 if the audit found nothing that --fail-on names; 1 if it did; 2 if the input cannot be
used.`,
  },
  compare: {
    above: `Usage: deno task audit compare A B [options]

Compares embeddings of the same items: two seeds of a training, two versions of a model, a file before
and after compression. Items are matched by their ids, or row by row where a file has none.`,
    below: `${wrap(WHERE)}

Exit code: 0 if the comparison was made; 1 if neighbors overlap by less than --min-overlap, or fewer
items than --min-coverage are in both; 2 if the input cannot be used.`,
  },
  fix: {
    above: `Usage: deno task audit fix FILE --labels WHERE | --pairs FILE [options]
       deno task audit fix FILE --correction NAME [options]
       deno task audit fix --apply TRANSFORM FILE [options]

Chooses a correction of embeddings by evidence: one half chooses, the other half reports how much
better the nearest neighbors by cosine become. Writes the corrected vectors and, as transform.json, the
map for new vectors of the same model. If nothing is shown to help, it says "keep as is" and writes
nothing.`,
    below: `${wrap(WHERE)}

Exit code: 0 if it was done, also where it says "keep as is"; 2 if the input cannot be used.`,
  },
};

/** What `--help` shows of a command. */
export function usage(command: Command): string {
  const { above, below } = USAGE[command];
  const lines = Object.entries(OPTIONS as Record<string, Option>)
    .filter(([, option]) => option.in.includes(command))
    .flatMap(([name, option]) => [
      ...described(headOf(name, option), saysOf(option, command)),
      ...(option.more ?? []).map((line) => `${" ".repeat(INDENT + 2)}${line}`),
    ]);
  const all = [...lines, ...described("--help", "show this")];
  return `${above}\n\n${all.join("\n")}\n\n${below}`;
}

/** The options of all commands as a table for the manual: option, commands, what it is for. */
export function optionRows(): [option: string, commands: string, says: string][] {
  return Object.entries(OPTIONS as Record<string, Option>).map(([name, option]) => [
    headOf(name, option),
    option.in.length === ALL.length ? "all" : option.in.join(", "),
    [...new Set(option.in.map((command) => saysOf(option, command)))].join("; "),
  ]);
}

function headOf(name: string, option: Option): string {
  return [`--${name}`, takes(option) ?? []].flat().join(" ");
}

/** What the value of an option is called; undefined where it takes none. */
function takes({ value, reads, writes }: Option): string | undefined {
  return value ?? reads ?? writes;
}

function saysOf({ says, default: usual }: Option, command: Command): string {
  const text = typeof says === "string" ? says : says[command]!;
  return usual === undefined ? text : `${text} (${usual})`;
}

function described(head: string, text: string): string[] {
  const [first, ...others] = wrap(text, WIDTH - INDENT).split("\n");
  const rest = others.map((line) => `${" ".repeat(INDENT)}${line}`);
  return head.length > INDENT - 4
    ? [`  ${head}`, `${" ".repeat(INDENT)}${first}`, ...rest]
    : [`  ${head.padEnd(INDENT - 2)}${first}`, ...rest];
}

function wrap(text: string, width = WIDTH): string {
  return text.replace(new RegExp(`(.{1,${width}})(?: |$)`, "g"), "$1\n").trimEnd();
}
