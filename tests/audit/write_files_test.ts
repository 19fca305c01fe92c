import assert from "node:assert/strict";
import { atBoundary } from "../../lib/audit/at_boundary.ts";
import { writeFiles } from "../../lib/audit/write_files.ts";
import { withDirectory } from "./write_npy.ts";

Deno.test("files are written all or none, and nothing temporary stays", () => {
  withDirectory((directory) => {
    const [a, b] = ["a.txt", "b.txt"].map((name) => `${directory}/${name}`);
    writeFiles([{ path: a, content: "old" }]);
    function* broken(): Generator<Uint8Array> {
      yield Uint8Array.of(1, 2, 3);
      throw new Error("no more");
    }
    const files = [{ path: a, content: "new" }, { path: b, content: broken() }];
    assert.throws(() => writeFiles(files, { force: true }), /no more/);
    assert.equal(Deno.readTextFileSync(a), "old");
    assert.deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name), ["a.txt"]);
    writeFiles([{ path: b, content: [Uint8Array.of(104, 105), Uint8Array.of(33)] }]);
    assert.equal(Deno.readTextFileSync(b), "hi!");
  });
});

Deno.test("an earlier output is replaced and keeps its mode; others are not", () => {
  withDirectory((directory) => {
    const path = `${directory}/report.html`;
    writeFiles([{ path, content: "<meta mine> 1" }]);
    Deno.chmodSync(path, 0o640);
    writeFiles([{ path, content: "<meta mine> 2" }], { markers: ["<meta mine>"] });
    assert.equal(Deno.readTextFileSync(path), "<meta mine> 2");
    assert.equal(Deno.statSync(path).mode! & 0o777, 0o640);
    assert.throws(() => writeFiles([{ path, content: "3" }]), /not replaced without --force/);
    Deno.chmodSync(path, 0o440);
    assert.throws(() => writeFiles([{ path, content: "3" }], { force: true }), /it is read-only/);
  });
});

Deno.test("the boundary tells refusals and the system's errors from mistakes of the program", async () => {
  const said: string[] = [];
  const original = console.error;
  console.error = (text: unknown) => void said.push(String(text));
  const end = async (error: unknown) => [
    await atBoundary("audit", () => {
      throw error;
    }),
    said.splice(0).join(" | "),
  ];
  try {
    assert.deepEqual(await end(new RangeError("Cannot audit: k must be 1")), [
      2,
      "audit: Cannot audit: k must be 1",
    ]);
    const full = Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC", path: "/a\nb" });
    assert.deepEqual(await end(full), [2, "audit: /a\\nb: there is no space left on the disk"]);
    for (const bug of [new TypeError("Cannot read properties of undefined"), new Error("?")]) {
      const [code, text] = await end(bug);
      assert.equal(code, 70);
      assert.match(String(text), /mistake of the program/);
    }
  } finally {
    console.error = original;
  }
});
