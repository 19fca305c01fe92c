import assert from "node:assert/strict";
import { joinLines, type MultilineText, parseNotebook } from "../../lib/files/notebook.ts";

const { cells } = parseNotebook(Deno.readTextFileSync("notebooks/04_remedies.ipynb"));

const shown = cells.flatMap(({ outputs = [] }) =>
  outputs.map(({ data = {} }) =>
    joinLines((data["text/html"] ?? []) as MultilineText).replace(/<[^>]*>/g, " ")
  )
).join(" ");

/** Numbers with a decimal point: measured ones. */
const decimals = (text: string) => [...text.matchAll(/\d+\.\d+/g)].map(([number]) => number);

Deno.test("notebook 04: every measured number of its texts is in its outputs", () => {
  const measured = new Set(decimals(shown));
  const prose = cells.filter(({ cell_type }) => cell_type === "markdown")
    .map(({ source }) => joinLines(source)).map((text) => text.replace(/```[^]*?```/g, ""));
  const stated = prose.slice(1).flatMap(decimals);
  assert(stated.length > 40, `${stated.length} numbers`);
  for (const number of stated) {
    // Differences of two that are shown, and what is no measurement.
    if (["0.041", "2.3", "2.2", "1.21"].includes(number)) continue;
    assert(measured.has(number), `${number} is in no output`);
  }
});
