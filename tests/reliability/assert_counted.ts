/**
 * Holds a row of `docs/reliability.md` to what a test has counted, so that the page cannot say
 * anything else than the tests do.
 *
 * @module
 */
import assert from "node:assert/strict";

const page = new URL("../../docs/reliability.md", import.meta.url);

/** Fails where the page's row `what` does not give these two counts; says the row that does. */
export function assertCounted(what: string, tried: number, handled: number): void {
  const cells = [what, tried, handled].map((cell) => cell.toLocaleString("en"));
  const rows = Deno.readTextFileSync(page).split("\n").map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
  const row = rows.find((row) => row[0] === what) ?? "no such row";
  assert.deepEqual(row, cells, `docs/reliability.md wants the row | ${cells.join(" | ")} |`);
}
