import type { NumberedCell } from "../../lib/io/notebook_file.ts";

/** A cell that failed: what the error was, and in which cell of which notebook. */
export class CellError extends Error {
  override readonly name = "CellError";
  readonly notebook: string;
  /** The number by which Jupyter shows the cell, counted from 1. */
  readonly cell: number;
  readonly source: string;
  readonly reason: string;

  constructor(notebook: string, cell: NumberedCell, reason: string) {
    super(`${notebook}: cell [${cell.number}] failed: ${reason}`);
    this.notebook = notebook;
    this.cell = cell.number;
    this.source = cell.code;
    this.reason = reason;
  }
}
