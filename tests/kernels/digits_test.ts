import assert from "node:assert/strict";

function digits(command: string[], ...args: string[]): string {
  const [program, ...before] = [
    ...command,
    Deno.execPath(),
    "run",
    "-A",
    "tests/kernels/digits.ts",
  ];
  const { success, stdout, stderr } = new Deno.Command(program, { args: [...before, ...args] })
    .outputSync();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("the same digits with all threads, with one, and where memory cannot be shared", () => {
  const all = digits([]);
  assert.match(all, /^[0-9a-f]{64}\n$/);
  assert.equal(digits([], "unshared"), all);
  if (Deno.build.os === "linux") assert.equal(digits(["taskset", "-c", "0"]), all);
});
