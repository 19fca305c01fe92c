import assert from "node:assert/strict";
import { temporaryFile, temporaryFolder } from "../../lib/io/files.ts";
import { withTemporaryFolder } from "../folder.ts";

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);
const id = "01234567-89ab-cdef-0123-456789abcdef";

Deno.test("a temporary file or folder goes with its use, and may be renamed before", async () => {
  await withTemporaryFolder((folder) => {
    const place = { folder, prefix: ".kind-", suffix: ".tmp" };
    for (const make of [temporaryFile, temporaryFolder]) {
      {
        using temporary = make(place);
        assert.match(temporary.path, /\.kind-[0-9a-f-]{36}\.tmp$/);
        assert.equal(Deno.statSync(temporary.path).mode! & 0o077, 0);
      }
      assert.deepEqual(namesIn(folder), []);
      const temporary = make(place);
      Deno.renameSync(temporary.path, `${folder}/kept`);
      temporary[Symbol.dispose]();
      temporary[Symbol.dispose]();
      assert.deepEqual(namesIn(folder), ["kept"]);
      Deno.removeSync(`${folder}/kept`, { recursive: true });
    }
  });
});

Deno.test("what is left behind goes with the next of its kind; what is in use stays", async () => {
  await withTemporaryFolder((folder) => {
    const place = { folder, prefix: ".kind-", suffix: ".tmp" };
    using used = temporaryFile(place);
    using usedFolder = temporaryFolder(place);
    const stays = [
      // Of a process that could not lock it, and may be at work.
      `.kind-unlocked-${id}.tmp`,
      // Of another kind.
      `.other-${id}.tmp`,
      `.kind-${id}.txt`,
      ".kind-of.tmp",
    ];
    const goes = [`.kind-${id}.tmp`, `.kind-unlocked-${id.replace("0", "1")}.tmp`];
    for (const name of [...stays, ...goes]) Deno.writeTextFileSync(`${folder}/${name}`, "");
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    Deno.utimeSync(`${folder}/${goes[1]}`, yesterday, yesterday);
    Deno.mkdirSync(`${folder}/.kind-${id.replace("0", "2")}.tmp/inner`, { recursive: true });
    temporaryFile(place)[Symbol.dispose]();
    const inUse = [used, usedFolder].map(({ path }) => path.slice(folder.length + 1));
    assert.deepEqual(namesIn(folder).sort(), [...stays, ...inUse].sort());
  });
});

Deno.test({
  name: "a link in a temporary one's place is left alone, and what it leads to",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withTemporaryFolder((folder) => {
      Deno.writeTextFileSync(`${folder}/mine`, "mine");
      Deno.symlinkSync(`${folder}/mine`, `${folder}/.kind-${id}`);
      temporaryFile({ folder, prefix: ".kind-" })[Symbol.dispose]();
      assert.deepEqual(namesIn(folder).sort(), [`.kind-${id}`, "mine"]);
    });
  },
});
