import { stripVTControlCharacters } from "node:util";
import {
  type Cell,
  codeCells,
  isJsonType,
  joinLines,
  type MultilineText,
  type Notebook,
  type Output,
} from "../../lib/io/notebook_file.ts";
import { orderOutputs } from "./output_collector.ts";

/**
 * The result of some work, unless it takes too long or is aborted before.
 *
 * @param what What the message calls the work that took too long.
 * @throws {Error} After that many seconds.
 * @throws The reason of the signal, when it is aborted.
 */
export async function limited<T>(
  work: Promise<T>,
  seconds: number,
  signal?: AbortSignal,
  what = "it",
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${what} did not finish within ${seconds} seconds`)),
    seconds * 1000,
  );
  const onAbort = () => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
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
