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
 * import { parseNotebook } from "./notebook.ts";
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
    throw new TypeError(`Not a notebook: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || !Array.isArray(value.cells)) {
    throw new TypeError("Not a notebook: it has no list of cells");
  }
  if (value.nbformat !== 4) {
    throw new TypeError(`Not a notebook of format 4: its format is ${value.nbformat}`);
  }
  for (const [index, cell] of value.cells.entries()) {
    if (!["code", "markdown", "raw"].includes(cell?.cell_type)) {
      throw new TypeError(
        `Not a notebook: the cell at position ${index + 1} is of type ${cell?.cell_type}, ` +
          "but must be code, markdown or raw",
      );
    }
  }
  return {
    cells: value.cells,
    metadata: value.metadata ?? {},
    nbformat: value.nbformat,
    nbformat_minor: value.nbformat_minor ?? 0,
  };
}
