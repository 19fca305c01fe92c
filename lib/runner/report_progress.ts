import { printable } from "../boundary/printable.ts";
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

/**
 * Reports on a run of notebooks: a line when one is done, and on a terminal, until then, a line that
 * is written over at least every second.
 */
export class ProgressReport {
  readonly #counts: readonly number[];
  readonly #output: ReportOutput;
  readonly #terminal: boolean;
  readonly #start = performance.now();
  #finished = 0;
  #current = { notebook: "", done: 0, cells: 0, start: this.#start };
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * @param counts How many cells each notebook of the run has.
   * @param output Where the report goes. @default {standard output}
   */
  constructor(counts: readonly number[], output: ReportOutput = standardOutput) {
    this.#counts = counts;
    this.#output = output;
    this.#terminal = output.isTerminal();
  }

  /** Says that `done` of the cells of a notebook have been run; with none, it begins. */
  update(notebook: string, done: number, cells: number): void {
    const start = done === 0 ? performance.now() : this.#current.start;
    this.#current = { notebook: printable(notebook), done, cells, start };
    if (!this.#terminal) return;
    this.#draw();
    this.#timer ??= setInterval(() => this.#draw(), 1000);
  }

  /** Says what came of the notebook, in a word or two. */
  finish(outcome: string): void {
    this.clear();
    this.#output.write(`${finishedLine(this.#state(), outcome)}\n`);
    this.#finished++;
  }

  /** Takes the line back that is written over, so that something else can be printed. */
  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#terminal) this.#output.write(CLEAR_LINE);
  }

  #draw(): void {
    this.#output.write(CLEAR_LINE + progressLine(this.#state(), this.#output.columns() - 1));
  }

  #state(): RunState {
    const { start, ...current } = this.#current;
    const now = performance.now();
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
    const done = sum(this.#counts.slice(0, this.#finished)) + current.done;
    const left = current.cells - current.done + sum(this.#counts.slice(this.#finished + 1));
    return {
      ...current,
      elapsed: (now - start) / 1000,
      left: secondsLeft(done, left, (now - this.#start) / 1000),
    };
  }
}
