import { basename } from "node:path";
import { printable } from "../../lib/errors.ts";

const CLEAR_LINE = "\r\u001b[K";

/** Where a report goes. */
interface ReportOutput {
  isTerminal(): boolean;
  /** The width of the terminal, in letters. */
  columns(): number;
  write(text: string): void;
}

const standardOutput: ReportOutput = {
  isTerminal: () => Deno.stdout.isTerminal(),
  // Some terminals do not know it, and say 0.
  columns: () => Deno.consoleSize().columns || 80,
  write: (text) => Deno.stdout.writeSync(new TextEncoder().encode(text)),
};

/** A notebook that is running, and since when. */
interface Running {
  notebook: string;
  done: number;
  cells: number;
  start: number;
}

/**
 * Reports on a run of notebooks, several of which may run at once: a line when one is done, and on a
 * terminal, until then, a line that is written over at least every second.
 */
export class ProgressReport {
  readonly #cells: number;
  readonly #output: ReportOutput;
  readonly #terminal: boolean;
  readonly #start = performance.now();
  /** How many cells the notebooks had that are done with. */
  #done = 0;
  readonly #running = new Map<string, Running>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * @param counts How many cells each notebook of the run has.
   * @param output Where the report goes. @default {standard output}
   */
  constructor(counts: readonly number[], output: ReportOutput = standardOutput) {
    this.#cells = counts.reduce((total, count) => total + count, 0);
    this.#output = output;
    this.#terminal = output.isTerminal();
  }

  /** Says that `done` of the cells of a notebook have been run; with none, it begins. */
  update(notebook: string, done: number, cells: number): void {
    const start = this.#running.get(notebook)?.start ?? performance.now();
    this.#running.set(notebook, { notebook, done, cells, start });
    this.#draw();
  }

  /** Says what came of a notebook, in a word or two. */
  finish(notebook: string, outcome: string): void {
    const running = this.#running.get(notebook)!;
    this.drop(notebook);
    this.#done += running.cells;
    const state = { ...this.#state(running), left: this.#left() };
    this.#output.write(`${finishedLine(state, outcome)}\n`);
    this.#draw();
  }

  /** Takes a notebook back that came to nothing. */
  drop(notebook: string): void {
    this.clear();
    this.#running.delete(notebook);
  }

  /** Takes the line back that is written over, so that something else can be printed. */
  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#terminal) this.#output.write(CLEAR_LINE);
  }

  #draw(): void {
    if (!this.#terminal || this.#running.size === 0) return;
    const states = [...this.#running.values()].map((running) => this.#state(running));
    const line = progressLine(states, this.#left(), this.#output.columns() - 1);
    this.#output.write(CLEAR_LINE + line);
    this.#timer ??= setInterval(() => this.#draw(), 1000);
  }

  #state({ notebook, start, ...cells }: Running): RunState {
    const elapsed = (performance.now() - start) / 1000;
    return { ...cells, notebook: printable(notebook), elapsed };
  }

  #left(): number {
    const running = [...this.#running.values()].reduce((total, { done }) => total + done, 0);
    const done = this.#done + running;
    return secondsLeft(done, this.#cells - done, (performance.now() - this.#start) / 1000);
  }
}

/** How far the run of a notebook is. */
interface RunState {
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
 * import { progressLine } from "./reproduce_progress.ts";
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

/**
 * A span of time for a person: "12 s", "3 min 20 s".
 *
 * @param seconds How long it is.
 *
 * @example
 * ```ts
 * import { duration } from "./reproduce_progress.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(duration(200), "3 min 20 s");
 * ```
 */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return minutes === 0 ? `${rest} s` : rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** A span of time that is only estimated: "about 20 s", "about 3 min". */
export function roughDuration(seconds: number): string {
  // Rounded up, so that something is left as long as there is.
  const tens = 10 * Math.max(1, Math.ceil(seconds / 10));
  return `about ${tens < 60 ? `${tens} s` : `${Math.ceil(seconds / 60)} min`}`;
}

/**
 * A first guess, in seconds: the mean over the cells of all notebooks of the project, on two
 * cores, two notebooks at a time, as `reproduce` does by default: another number needs another guess.
 */
const SECONDS_PER_CELL = 0.6;

/** The guess counts as much as this many measured cells. */
const GUESS_WEIGHT_CELLS = 10;

/**
 * Estimates how long a run still takes: each cell that is left counts as long as those before on average,
 * since nothing else is known of them.
 *
 * @param done How many cells have been run.
 * @param left How many are still to be run.
 * @param elapsed How long the run has taken, in seconds.
 * @returns The seconds that are left.
 *
 * @example
 * ```ts
 * import { secondsLeft } from "./reproduce_progress.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(secondsLeft(0, 60, 0), 36);
 * assert.equal(secondsLeft(90, 60, 294), 180);
 * ```
 */
export function secondsLeft(done: number, left: number, elapsed: number): number {
  return left * (elapsed + SECONDS_PER_CELL * GUESS_WEIGHT_CELLS) / (done + GUESS_WEIGHT_CELLS);
}
