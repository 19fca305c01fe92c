import assert from "node:assert/strict";
import { unformattedCells } from "../../tools/notebooks/check_cells.ts";
import { notebookOf } from "./temporary_notebook.ts";

Deno.test("unformattedCells finds the cells that deno fmt would change", async () => {
  const notebook = notebookOf(["const a = 1;\na;", "", "let   b=2", "const c = 3;"]);
  notebook.cells.unshift({ cell_type: "markdown", metadata: {}, source: "*  left  alone" });
  const found = await unformattedCells(notebook, Deno.cwd());
  assert.deepEqual(found.map(({ number, formatted }) => [number, formatted]), [[2, "let b = 2;"]]);
});

Deno.test("unformattedCells leaves what cannot be parsed to the type checker", async () => {
  assert.deepEqual(await unformattedCells(notebookOf(["let a = ;"]), Deno.cwd()), []);
});
