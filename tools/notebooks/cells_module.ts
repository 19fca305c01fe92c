import { findImports, type ImportStatement } from "./find_imports.ts";
import { codeCells, type Notebook } from "../../lib/io/notebook_file.ts";

/** A notebook's code as one module, and where each line of it comes from. */
export interface CellsModule {
  code: string;
  /** By line of the module, from 0: the cell and the line in it, from 1; none for added lines. */
  origins: ({ cell: number; line: number } | undefined)[];
}

/**
 * Writes the code cells of a notebook as one module that means to the type checker what the cells
 * mean to the kernel: each cell is a block within the block of the cell before it, so that it sees
 * what was declared before and may declare it anew, which the kernel allows. Imports, which cannot
 * stand in a block, move to the top; what two cells import alike is imported once.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cellsModule } from "./cells_module.ts";
 *
 * const cells = ["const a = 1;", "const a = 2;\na"].map((source) => ({
 *   cell_type: "code" as const,
 *   metadata: {},
 *   source,
 * }));
 * const { code, origins } = cellsModule({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
 * assert.equal(code.split("\n")[3], "a");
 * assert.deepEqual(origins[3], { cell: 2, line: 2 });
 * ```
 */
export function cellsModule(notebook: Notebook): CellsModule {
  const lines: string[] = [];
  const origins: CellsModule["origins"] = [];
  const add = (text: string, cell: number, firstLine: number) => {
    for (const [i, line] of text.split("\n").entries()) {
      lines.push(line);
      origins.push({ cell, line: firstLine + i });
    }
  };

  const cells = codeCells(notebook).map((cell) => ({ ...cell, imports: findImports(cell.code) }));
  const seen = new Set<string>();
  for (const { code, number, imports } of cells) {
    for (const statement of imports) {
      const text = importOnce(code, statement, seen);
      if (text !== "") add(text, number, code.slice(0, statement.start).split("\n").length);
    }
  }
  for (const [index, { code, number, imports }] of cells.entries()) {
    const body = blankOut(code, imports);
    // The semicolon ends a cell that ends in an expression; the block stays open for what follows.
    if (index > 0) {
      lines.push(";{");
      origins.push(undefined);
    }
    add(body, number, 1);
  }
  lines.push(";" + "}".repeat(Math.max(0, cells.length - 1)), "export {};", "");
  return { code: lines.join("\n"), origins };
}

/** The import statement without what was imported before; empty where nothing is left. */
function importOnce(code: string, statement: ImportStatement, seen: Set<string>): string {
  const key = (binding: ImportStatement["bindings"][number]) =>
    [statement.specifier, binding.imported, binding.local, binding.isType].join("\n");
  const fresh = statement.bindings.filter((binding) => !seen.has(key(binding)));
  for (const binding of fresh) seen.add(key(binding));
  if (fresh.length === statement.bindings.length) {
    return code.slice(statement.start, statement.end);
  }
  return fresh.map(({ imported, local, isType }) => {
    const keyword = isType ? "import type" : "import";
    const clause = imported === "*" ? `* as ${local}` : `{ ${imported} as ${local} }`;
    return `${keyword} ${clause} from ${JSON.stringify(statement.specifier)};`;
  }).join(" ");
}

/** The code with spaces in place of its imports, so that every line and column stays. */
function blankOut(code: string, imports: readonly ImportStatement[]): string {
  let result = code;
  for (const { start, end } of imports) {
    const blank = code.slice(start, end).replace(/[^\n]/g, " ");
    result = result.slice(0, start) + blank + result.slice(end);
  }
  return result;
}
