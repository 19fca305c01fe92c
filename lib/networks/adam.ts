import type { Tape } from "./tape.ts";
import type { Variable } from "./variable.ts";

/** How many bytes of a parameter a thread takes at once. */
const BYTES = 1 << 17;

/** Adam (Kingma and Ba, 2015) with its usual β₁ = 0.9 and β₂ = 0.999, on the parameters of a tape. */
export class Adam {
  readonly #tape: Tape;
  readonly #parameters: readonly { parameter: Variable; mean: number; square: number }[];
  #meanLeft = 1;
  #squareLeft = 1;

  constructor(tape: Tape, parameters: readonly Variable[]) {
    this.#tape = tape;
    this.#parameters = parameters.map((parameter) => {
      const bytes = parameter.rows * parameter.width;
      const { crew } = tape;
      return { parameter, mean: crew.allocate(bytes), square: crew.allocate(bytes) };
    });
  }

  /** Changes every parameter by a step along its gradient. */
  step(learningRate: number): void {
    this.#meanLeft *= 0.9;
    this.#squareLeft *= 0.999;
    const rate = learningRate / (1 - this.#meanLeft);
    const correction = 1 / (1 - this.#squareLeft);
    for (const { parameter: { rows, width, value, gradient }, mean, square } of this.#parameters) {
      const all = rows * width;
      const where = [value, gradient, mean, square] as const;
      const chunks = Math.ceil(all / BYTES);
      this.#tape.crew.run("adam", chunks, BYTES, all, ...where, rate, correction);
    }
  }
}
