import { InputError, InputTypeError } from "../errors.ts";

// More than any notebook has, and few enough for code that calls itself for what is nested.
const MAX_DEPTH = 500;

/** Text as the notebook format has it: one string, or its lines, each with its line break. */
export type MultilineText = string | string[];

/** One output of a cell. Which members it has depends on `output_type`. */
export interface Output {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  /** Of a stream: "stdout" or "stderr". */
  name?: string;
  /** Of a stream. */
  text?: MultilineText;
  /** Of a display or a result: the same thing in several formats, by MIME type. */
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  execution_count?: number | null;
}

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

/** The text of a notebook's string, however it is stored. */
export function joinLines(text: MultilineText | undefined): string {
  return Array.isArray(text) ? text.join("") : text ?? "";
}

/** Whether an output of a MIME type is a value, and not a text. */
export function isJsonType(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
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
 * @throws {InputError} If it is no regular file, has more than 200 MB, or holds no notebook of
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
