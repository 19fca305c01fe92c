const CLEAR_LINE = "\r\u001b[K";

/**
 * Shows how far a notebook is: on a terminal in one line that is written over, elsewhere as a line
 * for every cell.
 */
export class ProgressReport {
  readonly #terminal = Deno.stdout.isTerminal();

  /** Says that `done` of `total` cells have been run. */
  update(notebook: string, done: number, total: number): void {
    if (this.#terminal) this.#write(`${CLEAR_LINE}${notebook}: ${done} of ${total} cells`);
    else if (done > 0) this.#write(`${notebook}: cell ${done} of ${total} done\n`);
  }

  /** Takes the line back that is being written over, so that something else can be printed. */
  clear(): void {
    if (this.#terminal) this.#write(CLEAR_LINE);
  }

  #write(text: string): void {
    Deno.stdout.writeSync(new TextEncoder().encode(text));
  }
}
