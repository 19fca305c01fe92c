import assert from "node:assert/strict";
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
