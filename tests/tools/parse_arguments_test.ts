import assert from "node:assert/strict";
import { parseArguments } from "../../tools/notebooks/reproduce.ts";

Deno.test("parseArguments reads options and paths in any order", () => {
  assert.deepEqual(
    parseArguments(["a.ipynb", "--check", "--timeout", "1.5", "--jobs", "3", "b.ipynb"]),
    {
      help: false,
      check: true,
      timeout: 1.5,
      jobs: 3,
      paths: ["a.ipynb", "b.ipynb"],
    },
  );
  const { timeout, jobs } = parseArguments([]);
  assert.deepEqual([timeout, jobs], [600, Math.min(2, navigator.hardwareConcurrency)]);
});

Deno.test("parseArguments refuses what it does not know", () => {
  assert.throws(() => parseArguments(["--chekc"]), /Unknown option '--chekc'/);
  for (const timeout of ["0", "-1", "soon", "", "1e9"]) {
    assert.throws(() => parseArguments([`--timeout=${timeout}`]), RangeError);
  }
  for (const jobs of ["0", "-1", "two", "", "1.5", "1000", "0x2"]) {
    assert.throws(
      () => parseArguments([`--jobs=${jobs}`]),
      /--jobs must be an integer from 1 to 999/,
    );
  }
});
