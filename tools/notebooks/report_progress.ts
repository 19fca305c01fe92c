import { printable } from "../../lib/io/input_error.ts";
import { finishedLine, progressLine, type RunState } from "./progress_line.ts";
import { secondsLeft } from "./seconds_left.ts";

const CLEAR_LINE = "\r\u001b[K";

/** Where a report goes. */
export interface ReportOutput {
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
