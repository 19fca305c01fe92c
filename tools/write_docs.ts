/**
 * Writes what docs/ says of the audit from the code that it is about: what each measure puts into the
 * report's JSON, from the type of its value and the comments there, and the manual's tables of flags,
 * relations, corrections and options.
 *
 * @module
 */
import { correctionRows } from "../lib/audit/fix/corrections.ts";
import { RELATIONS } from "../lib/audit/compare/relation.ts";
import { optionRows } from "../lib/audit/cli.ts";
import { FLAGS, MEASURES, RULES } from "../lib/audit/measures/measures.ts";
import { LEVELS } from "../lib/audit/verdict.ts";
import { InputError, OperationalError } from "../lib/errors.ts";
import { replaceFile } from "../lib/io/files.ts";
import { commandLine, runProgram } from "../lib/io/program.ts";

const USAGE = "Usage: deno task docs";

const SCHEMA = "docs/audit-schema.json", MANUAL = "docs/audit.md";

/** What the written files have to hold, by their paths. */
export async function writtenDocs(): Promise<Record<string, string>> {
  return {
    [SCHEMA]: await formatted("json", await auditSchema(JSON.parse(Deno.readTextFileSync(SCHEMA)))),
    [MANUAL]: await formatted("md", manual(Deno.readTextFileSync(MANUAL))),
  };
}

/** The text as `deno fmt` leaves it. */
const formatted = (extension: string, text: string) => deno(["fmt", "--ext", extension, "-"], text);

/** What Deno prints when it is called with these arguments, and reads this text. */
async function deno(args: string[], input = ""): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const [{ success, stdout }] = await Promise.all([
    child.output(),
    new Blob([input]).stream().pipeTo(child.stdin),
  ]);
  if (!success) throw new OperationalError(`Cannot write docs/: deno ${args[0]} fails`);
  return new TextDecoder().decode(stdout);
}

/** A part of a JSON Schema. */
interface JsonSchema {
  type?: string | string[];
  enum?: unknown[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  description?: string;
}

/** The schema with the parts that come from the code; all others stay as they are. */
async function auditSchema(schema: JsonSchema): Promise<string> {
  const measures = await measureSchemas();
  const { verdict, ...others } = schema.properties!;
  verdict.properties!.level.enum = [...LEVELS];
  verdict.properties!.flags.items!.enum = [...FLAGS];
  const measured = MEASURES.map(({ key }) => [key, measures[key]]);
  const properties = { ...others, ...Object.fromEntries(measured), verdict };
  return JSON.stringify({ ...schema, properties, required: Object.keys(properties) });
}

/** What `deno doc --json` says of a type: the parts that values of measures are made of. */
type DocType =
  | { kind: "keyword"; value: string }
  | { kind: "literal"; value: { kind: string; string?: string } }
  | { kind: "typeRef"; value: DocReference }
  | { kind: "array" | "parenthesized"; value: DocType }
  | { kind: "union" | "tuple"; value: DocType[] }
  | { kind: "typeLiteral"; value: { properties: DocProperty[] } };

interface DocReference {
  typeName: string;
  typeParams?: DocType[];
  resolution?: { kind: "local" } | { kind: "import"; specifier: string; name: string };
}

interface DocProperty {
  name: string;
  tsType: DocType;
  jsDoc?: { doc?: string };
}

/** What `deno doc --json` says of a name. */
interface DocDeclaration {
  kind: string;
  jsDoc?: { doc?: string };
  def: { tsType?: DocType; properties?: DocProperty[] };
}

/** A declaration, and the file that it is in, by which its references are resolved. */
interface Declared extends DocDeclaration {
  file: string;
}

/** The declarations of the audit, by file and name. */
type Declarations = Map<string, Map<string, Declared>>;

async function declarations(): Promise<Declarations> {
  const { nodes } = JSON.parse(
    await deno(["doc", "--json", "--private", ...sources("lib/audit")]),
  ) as {
    nodes: Record<string, { symbols: { name: string; declarations: DocDeclaration[] }[] }>;
  };
  return new Map(
    Object.entries(nodes).map(([file, { symbols }]) => [
      file,
      new Map(symbols.map(({ name, declarations: [first] }) => [name, { ...first, file }])),
    ]),
  );
}

function sources(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? sources(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

/** The schema of each measure's value, by its key: `Measure<"key", Value>` declares both. */
async function measureSchemas(): Promise<Record<string, JsonSchema>> {
  const all = await declarations();
  const found: Record<string, JsonSchema> = {};
  for (const names of all.values()) {
    for (const { file, def: { tsType }, jsDoc } of names.values()) {
      if (tsType?.kind !== "typeRef" || tsType.value.typeName !== "Measure") continue;
      const [key, value] = tsType.value.typeParams!;
      if (key.kind !== "literal") continue;
      found[key.value.string!] = described(schemaOf(value, file, all), jsDoc);
    }
  }
  return found;
}

/** JSON has one text for what the code's comments say in lines. */
function described(schema: JsonSchema, jsDoc: DocDeclaration["jsDoc"]): JsonSchema {
  const description = jsDoc?.doc?.replace(/\{@linkcode (\w+)\}/g, "$1").replace(/\s+/g, " ").trim();
  return description ? { ...schema, description } : schema;
}

function schemaOf(type: DocType, file: string, all: Declarations): JsonSchema {
  switch (type.kind) {
    case "keyword":
      return { type: type.value };
    case "literal":
      return type.value.kind === "string"
        ? { type: "string", enum: [type.value.string] }
        : { type: "string" };
    case "parenthesized":
      return schemaOf(type.value, file, all);
    case "array":
      return { type: "array", items: schemaOf(type.value, file, all) };
    case "tuple":
      return { type: "array", items: unionOf(type.value.map((part) => schemaOf(part, file, all))) };
    case "union":
      return unionOf(type.value.map((part) => schemaOf(part, file, all)));
    case "typeLiteral":
      return objectOf(type.value.properties, file, all);
    case "typeRef": {
      if (type.value.typeName === "Integer") return { type: "integer" };
      const { def, file: from } = declarationOf(type.value, file, all);
      return def.tsType === undefined
        ? objectOf(def.properties!, from, all)
        : schemaOf(def.tsType, from, all);
    }
  }
}

function declarationOf({ typeName, resolution }: DocReference, file: string, all: Declarations) {
  const [from, name] = resolution?.kind === "import"
    ? [new URL(resolution.specifier, file).href, resolution.name]
    : [file, typeName];
  const found = all.get(from)?.get(name);
  if (found === undefined) {
    throw new InputError(
      `Cannot describe the report: ${typeName} in ${file} is no interface or type of lib/audit`,
    );
  }
  return found;
}

function objectOf(properties: DocProperty[], file: string, all: Declarations): JsonSchema {
  return {
    type: "object",
    properties: Object.fromEntries(
      properties.map(({ name, tsType, jsDoc }) => [
        name,
        described(schemaOf(tsType, file, all), jsDoc),
      ]),
    ),
    required: properties.map(({ name }) => name),
  };
}

/** One schema for values of several: all their types, and all their words where they are words alone. */
function unionOf(parts: JsonSchema[]): JsonSchema {
  const types = [...new Set(parts.flatMap(({ type }) => type!))];
  const known = parts.every((part) => part.enum !== undefined || part.type === "null");
  const words = parts.flatMap((part) => part.type === "null" ? [null] : part.enum ?? []);
  return {
    ...Object.assign({}, ...parts),
    type: types.length === 1 ? types[0] : types,
    enum: known ? words : undefined,
  };
}

/** The manual with the tables that the code knows. */
function manual(text: string): string {
  const tables: [heads: string[], rows: string[][]][] = [
    [
      ["flag", "kind", "up when", "why there"],
      FLAGS.map((flag) => {
        const { kind, when, threshold } = RULES[flag];
        return [`\`${flag}\``, kind, when, threshold?.source ?? ""];
      }),
    ],
    [
      ["relation", "meaning", "it takes"],
      Object.entries(RELATIONS).map(([key, { means, takes }]) => [`\`${key}\``, means, takes]),
    ],
    [
      ["correction", "what it does"],
      correctionRows().map(([name, says]) => [`\`${name}\``, says]),
    ],
    [
      ["option", "commands", "what it is for"],
      optionRows().map(([option, ...cells]) => [`\`${option}\``, ...cells]),
    ],
  ];
  return tables.reduce((text, [heads, rows]) => withTable(text, heads, rows), text);
}

/** The text with these rows in the table whose first column has this head. */
function withTable(text: string, heads: string[], rows: string[][]): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heads[0]} `));
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  if (start < 0) throw new InputError(`${MANUAL} has no table of each ${heads[0]}`);
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  lines.splice(start, length, ...[heads, heads.map(() => "---"), ...rows].map(line));
  return lines.join("\n");
}

async function writeDocs(args: string[]): Promise<number> {
  const { values: { help } } = commandLine(args);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  for (const [path, text] of Object.entries(await writtenDocs())) {
    if (text === Deno.readTextFileSync(path)) continue;
    replaceFile(path, text);
    console.log(`wrote ${path}`);
  }
  return 0;
}

if (import.meta.main) Deno.exitCode = await runProgram("docs", () => writeDocs(Deno.args));
