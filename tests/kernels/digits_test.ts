import assert from "node:assert/strict";
import { assertHandled } from "../reliability/program.ts";

/** The digits that a process of its own computes, each time that it does. */
function digits(command: string[], ...args: string[]): string[] {
  const [program, ...before] = [
    ...command,
    Deno.execPath(),
    "run",
    "--cached-only",
    "-A",
    "--no-check",
    "tests/kernels/digits.ts",
  ];
  const { success, stdout, stderr } = new Deno.Command(program, { args: [...before, ...args] })
    .outputSync();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n");
}

Deno.test("the same digits with all threads, with one, again, and where memory cannot be shared", () => {
  const again = digits([], "again");
  assert.equal(again.length, 3);
  assert.match(again[0], /^[0-9a-f]{64}$/);
  const onLinux = Deno.build.os === "linux";
  const all = onLinux ? [...again, ...digits(["taskset", "-c", "0"])] : again;
  const same = all.filter((one) => one === again[0]);
  assert.equal(same.length, all.length);
  if (onLinux) {
    assertHandled("computing the same in one thread and in many", all.length, same.length);
  }
});
