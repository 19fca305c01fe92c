import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { comparePng } from "../lib/jupyter/compare_png.ts";
import { readmePicture } from "../lib/jupyter/readme_picture.ts";

const readme = Deno.readTextFileSync("README.md");

Deno.test("README: the picture is the figure of the notebook (deno task picture draws it)", () => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const shown = Deno.readFileSync("notebooks/figure1.png");
  assert.equal(comparePng(base64(shown), base64(readmePicture())), undefined);
});

Deno.test("README: every file and every notebook that it links to is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target)
    .filter((target) => !/^https?:/.test(target));
  assert(links.length >= 2);
  for (const link of links) assert(Deno.statSync(link), link);
});
