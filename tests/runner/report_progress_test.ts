import assert from "node:assert/strict";
import { ProgressReport } from "../../lib/runner/report_progress.ts";

/** What a report on two notebooks writes, piece by piece. */
function written(terminal: boolean): string[] {
  const pieces: string[] = [];
  const report = new ProgressReport([2, 1], {
    isTerminal: () => terminal,
    columns: () => 80,
    write: (text) => pieces.push(text.replace(/\d+ s,/, "TIME,")),
  });
  for (const done of [0, 1, 2]) report.update("a.ipynb", done, 2);
  report.finish("written");
  report.update("b.ipynb", 0, 1);
  report.clear();
  report.update("b.ipynb", 1, 1);
  report.finish("unchanged");
  return pieces;
}

Deno.test("a report writes one line a notebook where there is no terminal", () => {
  assert.deepEqual(written(false), [
    "a.ipynb: 2 cells in TIME, written, about 10 s left\n",
    "b.ipynb: 1 cell in TIME, unchanged\n",
  ]);
});

Deno.test("a report writes one line over on a terminal, and clears it before anything else", () => {
  const clear = "\r\u001b[K";
  assert.deepEqual(written(true), [
    `${clear}a.ipynb: cell 1 of 2, TIME, about 10 s left`,
    `${clear}a.ipynb: cell 2 of 2, TIME, about 10 s left`,
    `${clear}a.ipynb: cell 2 of 2, TIME, about 10 s left`,
    clear,
    "a.ipynb: 2 cells in TIME, written, about 10 s left\n",
    `${clear}b.ipynb: cell 1 of 1, TIME, about 10 s left`,
    clear,
    `${clear}b.ipynb: cell 1 of 1, TIME, about 10 s left`,
    clear,
    "b.ipynb: 1 cell in TIME, unchanged\n",
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
  for (const deadline = Date.now() + 10_000; pieces.length < 2 && Date.now() < deadline;) {
    await new Promise((done) => setTimeout(done, 50));
  }
  report.clear();
  assert.match(pieces[1], /a\.ipynb: cell 1 of 1, \d+ s, /);
});
