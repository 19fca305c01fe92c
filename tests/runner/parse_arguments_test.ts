import assert from "node:assert/strict";
import { parseArguments } from "../../lib/runner/parse_arguments.ts";

Deno.test("parseArguments reads options and paths in any order", () => {
  assert.deepEqual(parseArguments(["a.ipynb", "--check", "--timeout", "1.5", "b.ipynb"]), {
    help: false,
    check: true,
    timeout: 1.5,
    paths: ["a.ipynb", "b.ipynb"],
  });
  assert.equal(parseArguments([]).timeout, 600);
});

Deno.test("parseArguments refuses what it does not know", () => {
  assert.throws(() => parseArguments(["--chekc"]), /Unknown option '--chekc'/);
  for (const timeout of ["0", "-1", "soon", "", "1e9"]) {
    assert.throws(() => parseArguments([`--timeout=${timeout}`]), RangeError);
  }
});
