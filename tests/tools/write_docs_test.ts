import assert from "node:assert/strict";
import { writtenDocs } from "../../tools/write_docs.ts";

Deno.test("docs/ is what `deno task docs` writes", async () => {
  for (const [path, text] of Object.entries(await writtenDocs())) {
    assert.equal(Deno.readTextFileSync(path), text, `${path} is old: run deno task docs`);
  }
});
