import { basename } from "node:path";
import { duration, roughDuration } from "./duration.ts";

/** How far the run of a notebook is. */
export interface RunState {
  notebook: string;
  /** How many of its cells are done, and of how many. */
  done: number;
  cells: number;
  /** How long it has been running, in seconds. */
  elapsed: number;
}

/**
 * The line that is written over on a terminal while notebooks run.
 *
 * @param states How far each is that is running, at least one.
 * @param left What these and all other notebooks still take, as far as one can tell, in seconds.
 * @param columns How many letters there is room for: where there are more, the names are cut.
 *
 * @example
 * ```ts
 * import { progressLine } from "./progress_line.ts";
 * import assert from "node:assert/strict";
 *
 * const states = [{ notebook: "a.ipynb", done: 6, cells: 23, elapsed: 12 }];
 * assert.equal(progressLine(states, 170, 80), "a.ipynb: cell 7 of 23, 12 s; about 3 min left");
 * ```
 */
export function progressLine(states: readonly RunState[], left: number, columns: number): string {
  const cells = states.map(({ done, cells, elapsed }) =>
    `: cell ${Math.min(done + 1, cells)} of ${cells}, ${duration(elapsed)}; `
  );
  const end = `${roughDuration(left)} left`;
  const room = columns - cells.join("").length - end.length;
  const names = states.map(({ notebook }) => basename(notebook));
  const longest = Math.max(Math.floor(room / states.length), 1);
  const whole = names.join("").length <= room;
  const line = names.map((name, i) =>
    (whole || name.length <= longest ? name : `${name.slice(0, longest - 1)}…`) + cells[i]
  );
  return (line.join("") + end).slice(0, columns);
}

/**
 * The line that stays when a notebook is done.
 *
 * @param state How far it is, and what all others still take, in seconds.
 * @param outcome What came of it, in a word or two.
 */
export function finishedLine(state: RunState & { left: number }, outcome: string): string {
  const { notebook, cells, elapsed, left } = state;
  const line = `${notebook}: ${cells} cell${cells === 1 ? "" : "s"} in ${
    duration(elapsed)
  }, ${outcome}`;
  return left > 0 ? `${line}, ${roughDuration(left)} left` : line;
}
