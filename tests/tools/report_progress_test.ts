import assert from "node:assert/strict";
import { ProgressReport } from "../../tools/notebooks/progress.ts";

/** What a report on three notebooks writes, piece by piece, of which two run at once. */
function written(terminal: boolean): string[] {
  const pieces: string[] = [];
  const report = new ProgressReport([2, 1, 10], {
    isTerminal: () => terminal,
    columns: () => 120,
    write: (text) => pieces.push(text.replace(/\d+ s([,;])/g, "TIME$1")),
  });
  report.update("x/a.ipynb", 0, 2);
  report.update("x/b.ipynb", 0, 1);
  report.update("x/a.ipynb", 1, 2);
  report.update("x/b.ipynb", 1, 1);
  report.clear();
  report.finish("x/b.ipynb", "written");
  report.update("x/c.ipynb", 0, 10);
  report.drop("x/c.ipynb");
  report.update("x/a.ipynb", 2, 2);
  report.finish("x/a.ipynb", "unchanged");
  return pieces;
}

Deno.test("a report writes one line a notebook where there is no terminal", () => {
  assert.deepEqual(written(false), [
    "x/b.ipynb: 1 cell in TIME, written, about 10 s left\n",
    "x/a.ipynb: 2 cells in TIME, unchanged, about 10 s left\n",
  ]);
});

Deno.test("a report writes one line over on a terminal, and clears it before anything else", () => {
  const clear = "\r\u001b[K";
  const [a, b] = ["a.ipynb: cell 1 of 2, TIME; ", "b.ipynb: cell 1 of 1, TIME; "];
  const next = a.replace("cell 1", "cell 2");
  assert.deepEqual(written(true), [
    `${clear}${a}about 10 s left`,
    `${clear}${a}${b}about 10 s left`,
    `${clear}${next}${b}about 10 s left`,
    `${clear}${next}${b}about 10 s left`,
    clear,
    clear,
    "x/b.ipynb: 1 cell in TIME, written, about 10 s left\n",
    `${clear}${next}about 10 s left`,
    `${clear}${next}c.ipynb: cell 1 of 10, TIME; about 10 s left`,
    clear,
    `${clear}${next}about 10 s left`,
    clear,
    "x/a.ipynb: 2 cells in TIME, unchanged, about 10 s left\n",
  ]);
});

Deno.test("a report on a terminal goes on while a cell runs", async () => {
  const pieces: string[] = [];
  const report = new ProgressReport([1], {
    isTerminal: () => true,
    columns: () => 80,
    write: (text) => pieces.push(text),
  });
  report.update("a.ipynb", 0, 1);
  for (const deadline = Date.now() + 300_000; pieces.length < 2 && Date.now() < deadline;) {
    await new Promise((done) => setTimeout(done, 50));
  }
  report.clear();
  assert.match(pieces[1], /a\.ipynb: cell 1 of 1, \d+ s; /);
});
