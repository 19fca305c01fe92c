import assert from "node:assert/strict";
import { readmePicture } from "../lib/jupyter/readme_picture.ts";

const readme = Deno.readTextFileSync("README.md");

Deno.test("README: the picture is the figure of the notebook (deno task picture draws it)", () => {
  assert.deepEqual(new Uint8Array(readmePicture()), Deno.readFileSync("notebooks/figure1.png"));
});

Deno.test("README: every file and every notebook that it links to is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target)
    .filter((target) => !/^https?:/.test(target));
  assert(links.length >= 2);
  for (const link of links) assert(Deno.statSync(link), link);
});
