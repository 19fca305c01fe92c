import { duration, roughDuration } from "./duration.ts";

/** How far the run of a notebook is. */
export interface RunState {
  notebook: string;
  /** How many of its cells are done, and of how many. */
  done: number;
  cells: number;
  /** How long it has been running, in seconds. */
  elapsed: number;
  /** What this and all other notebooks still take, as far as one can tell, in seconds. */
  left: number;
}

/**
 * The line that is written over on a terminal while a notebook runs.
 *
 * @param state How far it is.
 * @param columns How many letters there is room for: where there are more, the path is cut.
 *
 * @example
 * ```ts
 * import { progressLine } from "./progress_line.ts";
 * import assert from "node:assert/strict";
 *
 * const state = { notebook: "a.ipynb", done: 6, cells: 23, elapsed: 12, left: 170 };
 * assert.equal(progressLine(state, 80), "a.ipynb: cell 7 of 23, 12 s, about 3 min left");
 * ```
 */
export function progressLine(state: RunState, columns: number): string {
  const { notebook, done, cells, elapsed, left } = state;
  const cell = `cell ${Math.min(done + 1, cells)} of ${cells}`;
  const rest = `: ${cell}, ${duration(elapsed)}, ${roughDuration(left)} left`;
  const room = columns - rest.length;
  const name = notebook.length <= room ? notebook : `…${notebook.slice(1 - Math.max(room, 2))}`;
  return (name + rest).slice(0, columns);
}

/**
 * The line that stays when a notebook is done.
 *
 * @param state How far it is; after the last notebook nothing is left.
 * @param outcome What came of it, in a word or two.
 */
export function finishedLine(state: RunState, outcome: string): string {
  const { notebook, cells, elapsed, left } = state;
  const line = `${notebook}: ${cells} cell${cells === 1 ? "" : "s"} in ${
    duration(elapsed)
  }, ${outcome}`;
  return left > 0 ? `${line}, ${roughDuration(left)} left` : line;
}
