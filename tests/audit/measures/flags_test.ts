import assert from "node:assert/strict";
import { FLAGS, MEASURES, RULES } from "../../../lib/audit/measures/measures.ts";
import type { Threshold } from "../../../lib/audit/measures/measure.ts";

/** The manual's table of flags: each flag, and when it says that it is up. */
const rows = Deno.readTextFileSync("docs/audit.md").split("The flags say what was measured")[1]
  .split("\n\n")[1].split("\n").slice(2)
  .map((line) => line.split("|").slice(1, 3).map((cell) => cell.trim().replaceAll("`", "")));

/** The numbers of a text, also those that are percentages or "half". */
const numbersIn = (text: string) =>
  [...text.matchAll(/\bhalf\b|(?<![\w.])(\d+(?:\.\d+)?)( %)?/g)].map(([, number, percent]) =>
    number === undefined ? 0.5 : Number(number) / (percent === undefined ? 1 : 100)
  );

Deno.test("docs/audit.md lists the flags that there are", () => {
  assert.deepEqual(rows.map(([flag]) => flag).sort(), [...FLAGS].sort());
});

Deno.test("docs/audit.md has a flag up at the threshold of its measure", () => {
  const checked: string[] = [];
  for (const [flag, says] of rows) {
    const { key } = RULES[flag as keyof typeof RULES];
    const measure = MEASURES.find((measure) => measure.key === key)!;
    const thresholds: Threshold[] = Object.values(measure.thresholds ?? {});
    const said = numbersIn(says);
    if (thresholds.length === 0 || said.length === 0) continue;
    const values = thresholds.map(({ value }) => value);
    for (const value of values) {
      assert(said.includes(value), `${flag}: ${value} is not in "${says}"`);
    }
    // What else is said of a threshold, such as how near "the same" is, is in its name.
    const known = [...values, ...thresholds.flatMap(({ name }) => numbersIn(name))];
    assert.deepEqual(said.filter((number) => !known.includes(number)), [], flag);
    checked.push(flag);
  }
  for (
    const flag of [
      "collapsed",
      "rogue-dimensions",
      "anisotropic",
      "popularity",
      "hubs",
      "unit-norm",
    ]
  ) {
    assert(checked.includes(flag), flag);
  }
});
