import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { sourceHash } from "../../lib/notebook/cached_training.ts";
import { withTemporaryFolder } from "../temporary_folder.ts";

Deno.test("sourceHash sees the code of all that is imported, and no comments", async () => {
  await withTemporaryFolder((folder) => {
    const write = (name: string, code: string) => Deno.writeTextFileSync(`${folder}/${name}`, code);
    const hash = () => sourceHash(pathToFileURL(`${folder}/a.ts`));
    write("a.ts", 'import { b } from "./b.ts";\nexport const a = b + 1;\n');
    write("b.ts", 'import "./c.ts";\nexport const b = 1;\n');
    write("c.ts", "// Nothing.\n");
    const before = hash();
    write("c.ts", "/** Still\n * nothing. */\n  // Really.\n");
    write("a.ts", 'import { b } from "./b.ts";\n\n// More.\nexport const a = b +\n  1;\n');
    assert.equal(hash(), before);
    write("c.ts", "Math.random = () => 0;\n");
    assert.notEqual(hash(), before);
  });
});
