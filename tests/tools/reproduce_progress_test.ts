import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import {
  duration,
  finishedLine,
  progressLine,
  ProgressReport,
  roughDuration,
  secondsLeft,
} from "../../tools/notebooks/reproduce_progress.ts";

const state = { notebook: "notebooks/04_remedies.ipynb", done: 6, cells: 23, elapsed: 75 };
const other = { notebook: "notebooks/07_how_arbitrary.ipynb", done: 0, cells: 9, elapsed: 4 };

Deno.test("progressLine() says which cells run, for how long, and what is left", () => {
  assert.equal(
    progressLine([state], 170, 80),
    "04_remedies.ipynb: cell 7 of 23, 1 min 15 s; about 3 min left",
  );
  assert.equal(
    progressLine([state, other], 170, 120),
    "04_remedies.ipynb: cell 7 of 23, 1 min 15 s; 07_how_arbitrary.ipynb: cell 1 of 9, 4 s; " +
      "about 3 min left",
  );
  // After the last cell the kernel is still to be ended.
  assert.match(progressLine([{ ...state, done: 23 }], 170, 80), /: cell 23 of 23, /);
  assert.match(progressLine([{ ...state, done: 0, cells: 0 }], 170, 80), /: cell 0 of 0, /);
});

Deno.test("progressLine() leaves out the end of names that there is no room for", () => {
  for (const states of [[state], [state, other]]) {
    const whole = progressLine(states, 170, 1000);
    assert.equal(progressLine(states, 170, whole.length), whole);
    for (let columns = 1; columns < whole.length; columns++) {
      const line = progressLine(states, 170, columns);
      assert(line.length <= columns, `of ${columns} columns`);
      // Nothing but names gives way as long as there is room for the rest.
      if (columns > 75) assert(line.endsWith("about 3 min left"), line);
    }
  }
  assert.equal(
    progressLine([state, other], 170, 79),
    "04_rem…: cell 7 of 23, 1 min 15 s; 07_how…: cell 1 of 9, 4 s; about 3 min left",
  );
});

Deno.test("finishedLine() says what came of a notebook, and what is left if anything is", () => {
  assert.equal(
    finishedLine({ ...state, left: 170 }, "unchanged"),
    "notebooks/04_remedies.ipynb: 23 cells in 1 min 15 s, unchanged, about 3 min left",
  );
  assert.equal(
    finishedLine({ ...state, left: 0 }, "2 differences"),
    "notebooks/04_remedies.ipynb: 23 cells in 1 min 15 s, 2 differences",
  );
});

Deno.test("durations are rounded to seconds, estimates up to tens of seconds or to minutes", () => {
  assert.deepEqual([0.4, 59.4, 59.6, 61, 3600].map(duration), [
    "0 s",
    "59 s",
    "1 min",
    "1 min 1 s",
    "60 min",
  ]);
  assert.deepEqual([0.1, 11, 50, 51, 61, 500].map(roughDuration), [
    "about 10 s",
    "about 20 s",
    "about 50 s",
    "about 1 min",
    "about 2 min",
    "about 9 min",
  ]);
});

Deno.test("secondsLeft() starts from what is usual and comes to what is measured", () => {
  assert.equal(secondsLeft(0, 100, 0), 60);
  // Four seconds a cell, over more and more cells.
  const estimates = [10, 100, 10_000].map((done) => secondsLeft(done, 100, 4 * done));
  assert(estimates[0] > 200 && estimates[0] < estimates[1] && estimates[1] < estimates[2]);
  assert(Math.abs(estimates[2] - 400) < 1);
  assert.equal(secondsLeft(50, 0, 70), 0);
});

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
  await eventually("a second line is written", () => pieces.length >= 2);
  report.clear();
  assert.match(pieces[1], /a\.ipynb: cell 1 of 1, \d+ s; /);
});
