import { printable } from "./printable.ts";
import { refusalOf } from "./refusal_of.ts";

/** What a program ends with where it meets a mistake of its own: neither 0, 1 nor 2 (EX_SOFTWARE). */
const BUG = 70;

/** Where a mistake of a program is reported. */
const ISSUES = "https://github.com/cosine-lab/cosine-lab/issues";

/**
 * The one boundary at the top of every program: what is wrong with an input, an option or the system
 * becomes one line and exit code 2. Only a mistake of the program shows a trace, and says where to
 * report it.
 *
 * @param program What the line starts with.
 * @param run The program; it gives its exit code.
 * @returns The exit code.
 *
 * @example
 * ```ts
 * import { atBoundary } from "./at_boundary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await atBoundary("audit", () => 0), 0);
 * ```
 */
export async function atBoundary(
  program: string,
  run: () => number | Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== null) {
      console.error(`${program}: ${printable(refusal)}`);
      return 2;
    }
    console.error(error);
    console.error(
      `${program}: this is a mistake of the program. ` +
        `Please report it, with the trace above, at ${ISSUES}`,
    );
    return BUG;
  }
}
