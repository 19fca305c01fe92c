import assert from "node:assert/strict";
import { InputRangeError, InputTypeError, OperationalError } from "../../lib/errors.ts";
import { commandLine, runProgram } from "../../lib/io/program.ts";

/** What some work throws. */
function captured(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

Deno.test("runProgram tells users' mistakes and the system's errors from bugs", async () => {
  const said: string[] = [];
  const original = console.error;
  console.error = (text: unknown) =>
    void said.push(text instanceof Error ? String(text.stack) : String(text));
  const end = async (error: unknown) => [
    await runProgram("audit", () => {
      throw error;
    }),
    said.splice(0).join(" | "),
  ];
  try {
    for (const known of [InputRangeError, InputTypeError, OperationalError]) {
      const sentence = "Cannot audit: k must be 1";
      assert.deepEqual(await end(new known(sentence)), [2, `audit: ${sentence}`]);
    }
    for (const refusal of [() => new Uint8Array(2 ** 52), () => "x".repeat(2 ** 40)]) {
      const [code, text] = await end(captured(refusal));
      assert.equal(code, 2, String(text));
      assert.match(String(text), /^audit: there is not enough memory, .*\([^|]+\)$/);
    }
    const missing = captured(() => Deno.readTextFileSync("/nowhere/a'b"));
    assert.deepEqual(await end(missing), [
      2,
      "audit: /nowhere/a'b does not exist",
    ]);
    const renamed = captured(() => Deno.renameSync("/nowhere/a", "/nowhere/b"));
    assert.deepEqual(await end(renamed), [2, "audit: /nowhere/b does not exist"]);
    const spawned = captured(() => new Deno.Command("/nowhere/a").outputSync());
    assert.deepEqual(await end(spawned), [2, "audit: /nowhere/a does not exist"]);
    assert.deepEqual(await end(captured(() => commandLine(["--nope"]))), [
      2,
      "audit: Unknown option '--nope'",
    ]);
    assert.deepEqual(await end(captured(() => commandLine(["a", "b\u001b[1m"], {}, 1))), [
      2,
      "audit: Unexpected argument 'b\\u001b[1m'",
    ]);
    const full = Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC", path: "/a\nb" });
    assert.deepEqual(await end(full), [2, "audit: /a\\nb: there is no space left on the disk"]);
    const bugs = [
      // What its words say does not make an error a user's.
      new RangeError("Cannot audit: k must be 1"),
      captured(() => new Array(-1)),
      captured(() => Reflect.get(undefined as never, "rows")),
      new Error("?"),
    ];
    for (const bug of bugs) {
      const [code, text] = await end(bug);
      assert.equal(code, 70);
      assert.match(String(text), /bug in cosine-lab\. Please report it, .* at https:/);
      assert(String(text).includes(String((bug as Error).stack)));
    }
  } finally {
    console.error = original;
  }
});
