import assert from "node:assert/strict";
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
  console.error = (text: unknown) => void said.push(String(text));
  const end = async (error: unknown) => [
    await runProgram("audit", () => {
      throw error;
    }),
    said.splice(0).join(" | "),
  ];
  try {
    assert.deepEqual(await end(new RangeError("Cannot audit: k must be 1")), [
      2,
      "audit: Cannot audit: k must be 1",
    ]);
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
    for (const bug of [new TypeError("Cannot read properties of undefined"), new Error("?")]) {
      const [code, text] = await end(bug);
      assert.equal(code, 70);
      assert.match(String(text), /bug in cosine-lab\. Please report it, .* at https:/);
    }
  } finally {
    console.error = original;
  }
});
