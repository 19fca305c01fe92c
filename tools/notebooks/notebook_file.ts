/**
 * The file of a notebook: what is in it, how it is read and checked, and the one form in which it is
 * written.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import { InputError, InputTypeError } from "../../lib/errors.ts";
import { isJsonType, joinLines, type MultilineText, orderOutputs, type Output } from "./outputs.ts";

// More than any notebook has, and few enough for code that calls itself for what is nested.
const MAX_DEPTH = 500;

/** One cell of a notebook. */
export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  metadata: Record<string, unknown>;
  source: MultilineText;
  /** Of a code cell. */
  outputs?: Output[];
  /** Of a code cell. */
  execution_count?: number | null;
  /** Of a Markdown cell: the pictures pasted into it. */
  attachments?: Record<string, unknown>;
}

/** A Jupyter notebook, format 4. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** A code cell with something in it, and the number by which Jupyter shows it when all are run. */
export interface NumberedCell {
  number: number;
  cell: Cell;
  code: string;
}

/** The code cells that are not blank, in order, numbered from 1. */
export function codeCells(notebook: Notebook): NumberedCell[] {
  return notebook.cells
    .filter((cell) => cell.cell_type === "code" && joinLines(cell.source).trim() !== "")
    .map((cell, index) => ({ number: index + 1, cell, code: joinLines(cell.source) }));
}

/**
 * The notebook in the text of an .ipynb file.
 *
 * @throws {TypeError} If the text is not a notebook of format 4.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseNotebook } from "./notebook_file.ts";
 *
 * const text = `{ "cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5 }`;
 * assert.deepEqual(parseNotebook(text).cells, []);
 * assert.throws(() => parseNotebook("[]"), TypeError);
 * ```
 */
export function parseNotebook(text: string): Notebook {
  let value: Partial<Notebook> | null;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refusal(`it is no JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || !Array.isArray(value.cells)) {
    throw refusal("it has no list of cells");
  }
  if (value.nbformat !== 4) {
    const { nbformat } = value;
    throw refusal(
      `its format must be 4${typeof nbformat === "number" ? `, it is ${nbformat}` : ""}`,
    );
  }
  if (value.metadata !== undefined && !isRecord(value.metadata)) {
    throw refusal("its metadata must be an object");
  }
  if (isTooDeep(value)) throw refusal(`it is nested more than ${MAX_DEPTH} deep`);
  for (const [index, cell] of value.cells.entries()) {
    const wrong = cellError(cell);
    if (wrong !== undefined) throw refusal(`the cell at position ${index + 1} ${wrong}`);
  }
  return {
    cells: value.cells,
    metadata: value.metadata ?? {},
    nbformat: value.nbformat,
    nbformat_minor: value.nbformat_minor ?? 0,
  };
}

const refusal = (reason: string) => new InputTypeError(`Cannot read the notebook: ${reason}`);

/** Whether there are values in values in values …, more than there may be. */
function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.filter((member) => typeof member === "object" && member !== null)
      .flatMap((member) => Object.values(member as object));
  }
  return false;
}

/** What is wrong with a cell, or `undefined` where nothing is. */
function cellError(cell: Partial<Cell> | null): string | undefined {
  if (!["code", "markdown", "raw"].includes(cell?.cell_type ?? "")) {
    return "is of another type than code, markdown and raw";
  }
  const { source = "", metadata = {}, id = "", outputs = [], attachments = {} } = cell as Cell;
  if (!isText(source)) return "has a source that is neither a text nor a list of lines";
  if (!isRecord(metadata)) return "has metadata that are no object";
  if (typeof id !== "string") return "has an id that is no text";
  if (!isRecord(attachments)) return "has attachments that are no object";
  if (!Array.isArray(outputs)) return "has outputs that are no list";
  const wrong = outputs.findIndex((output) => !isOutput(output));
  return wrong < 0 ? undefined : `has an output, number ${wrong + 1}, that Jupyter does not know`;
}

function isOutput(output: Partial<Output> | null): boolean {
  if (!isRecord(output)) return false;
  const { output_type, name = "", text = "", data = {}, metadata = {} } =
    output as unknown as Output;
  return ["stream", "display_data", "execute_result", "error"].includes(output_type) &&
    typeof name === "string" && isText(text) && isRecord(metadata) && isRecord(data) &&
    Object.entries(data).every(([type, value]) => isJsonType(type) || isText(value));
}

function isText(value: unknown): value is MultilineText {
  return typeof value === "string" ||
    Array.isArray(value) && value.every((line) => typeof line === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// A hundred times the largest that a page can show; JavaScript has no text of more than 512 MB.
const MAX_BYTES = 200e6;

/** A notebook, and the text of the file that it is in. */
interface NotebookFile {
  notebook: Notebook;
  text: string;
}

/**
 * Reads the notebook in a file.
 *
 * @param path The file.
 * @throws {InputError} If it is not a regular file, has more than 200 MB, or holds no notebook of
 * format 4.
 */
export function readNotebook(path: string): NotebookFile {
  const refuse = (reason: string) => new InputError(`Cannot read ${path}: ${reason}`);
  const { isFile, size } = Deno.statSync(path);
  if (!isFile) throw refuse("it is not a file");
  if (size > MAX_BYTES) {
    throw refuse(`it has ${Math.round(size / 1e6)} MB, the limit is ${MAX_BYTES / 1e6} MB`);
  }
  const text = Deno.readTextFileSync(path);
  try {
    return { notebook: parseNotebook(text), text };
  } catch (error) {
    if (error instanceof InputTypeError) throw refuse(error.message.replace(/^Cannot [^:]*: /, ""));
    throw error;
  }
}

const METADATA = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  // As the kernel reports it, but without the version, which changes with every release.
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};

// What editors leave behind in a cell: times, and how the cell was scrolled when it was saved.
const VOLATILE = ["ExecuteTime", "collapsed", "execution", "scrolled", "trusted", "vscode"];

const CELL_ID = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * A notebook in the one form in which it is stored: format 4.5, the metadata of the Deno kernel,
 * cell ids (those it has are kept), execution counts from 1 in the order of the cells, texts as
 * lists of lines without color codes, outputs in the order of {@link normalizeOutputs}.
 * Normalizing twice changes nothing more.
 */
export function normalize(notebook: Notebook): Notebook {
  const ids = cellIds(notebook.cells);
  const numbers = new Map(codeCells(notebook).map(({ cell, number }) => [cell, number]));
  return {
    cells: notebook.cells.map((cell, i) => normalizeCell(cell, ids[i], numbers.get(cell) ?? null)),
    metadata: { ...without(notebook.metadata, VOLATILE), ...METADATA },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Outputs in the form in which they are stored: in order, with texts as lists of lines. */
export function normalizeOutputs(outputs: readonly Output[], count: number | null): Output[] {
  return orderOutputs(outputs).map((output) => normalizeOutput(output, count));
}

function normalizeCell(cell: Cell, id: string, number: number | null): Cell {
  const shared = {
    cell_type: cell.cell_type,
    id,
    metadata: without(cell.metadata ?? {}, VOLATILE),
    source: toLines(joinLines(cell.source)),
  };
  if (cell.cell_type !== "code") {
    return cell.attachments ? { ...shared, attachments: cell.attachments } : shared;
  }
  // A blank cell is not run, so it has neither a number nor outputs.
  const outputs = number === null ? [] : normalizeOutputs(cell.outputs ?? [], number);
  return { ...shared, execution_count: number, outputs };
}

function normalizeOutput(output: Output, count: number | null): Output {
  switch (output.output_type) {
    case "stream":
      return {
        output_type: "stream",
        name: output.name,
        text: toLines(stripVTControlCharacters(joinLines(output.text))),
      };
    case "error":
      return output;
    default: {
      const data = normalizeData(output.data ?? {});
      const shown = { output_type: output.output_type, data, metadata: output.metadata ?? {} };
      return output.output_type === "execute_result" ? { ...shown, execution_count: count } : shown;
    }
  }
}

function normalizeData(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => {
      if (isJsonType(type)) return [type, value];
      const text = joinLines(value as MultilineText);
      if (type === "text/plain") return [type, toLines(stripVTControlCharacters(text))];
      const isText = type.startsWith("text/") || type === "image/svg+xml" ||
        type === "application/javascript";
      // Base64 stays one string; some writers end it with a line break.
      return [type, isText ? toLines(text) : text.trim()];
    }),
  );
}

function cellIds(cells: readonly Cell[]): string[] {
  const given = new Set(cells.map((cell) => cell.id));
  const taken = new Set<string>();
  return cells.map((cell, index) => {
    let id = cell.id ?? "";
    if (!CELL_ID.test(id) || taken.has(id)) {
      id = `cell-${index + 1}`;
      for (let n = 2; given.has(id) || taken.has(id); n++) id = `cell-${index + 1}-${n}`;
    }
    taken.add(id);
    return id;
  });
}

function toLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function without(record: Record<string, unknown>, keys: readonly string[]) {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/**
 * The text of an .ipynb file: the normalized notebook as Jupyter itself writes JSON (sorted keys,
 * indented by one), so that saving it in Jupyter changes as few lines as possible.
 */
export function serialize(notebook: Notebook): string {
  return JSON.stringify(sortKeys(normalize(notebook)), null, 1) + "\n";
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]));
}
