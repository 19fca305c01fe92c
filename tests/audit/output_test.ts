import assert from "node:assert/strict";
import { writeFiles } from "../../lib/audit/output.ts";
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

Deno.test("a pipe is written to where somebody reads it, however slowly, and is not waited for", async () => {
  const directory = Deno.makeTempDirSync();
  try {
    const path = `${directory}/pipe`;
    if (!new Deno.Command("mkfifo", { args: [path] }).outputSync().success) return;
    assert.throws(() => writeFiles([{ path, content: "x" }]), /nobody reads this pipe/);
    const reader = new Deno.Command("sh", {
      args: ["-c", `exec 3< "${path}"; echo ready; sleep 0.3; wc -c <&3`],
      stdout: "piped",
    }).spawn();
    // More than a pipe holds. It is tried until the reader has opened it.
    const content = "x".repeat(300_000);
    for (let written = false; !written;) {
      try {
        writeFiles([{ path, content }]);
        written = true;
      } catch (error) {
        assert.match((error as Error).message, /nobody reads this pipe/);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    const { stdout } = await reader.output();
    assert.match(new TextDecoder().decode(stdout), /300000/);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
