import assert from "node:assert/strict";
import { joinLines, type MultilineText, parseNotebook } from "../lib/runner/notebook.ts";
import { readmePicture } from "../lib/runner/readme_picture.ts";

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

/** The outputs that are text, of the cells under a heading of a notebook. */
function outputsUnder(path: string, heading: string): string {
  const notebook = parseNotebook(Deno.readTextFileSync(path));
  let under = false, found = false;
  let text = "";
  for (const cell of notebook.cells) {
    if (cell.cell_type === "markdown") {
      for (const [, title] of joinLines(cell.source).matchAll(/^##+ (.*)$/gm)) {
        under = title === heading;
        found ||= under;
      }
    } else if (under) {
      for (const { data = {} } of cell.outputs ?? []) {
        text += joinLines(data["text/html"] as MultilineText).replace(/<[^>]*>/g, " ");
        text += joinLines(data["text/markdown"] as MultilineText);
      }
    }
  }
  assert(found, `${path} has no heading "${heading}"`);
  return text;
}

const numbers = (text: string) =>
  [...text.replace(/(\d),(\d{3})/g, "$1$2").matchAll(/\d+(\.\d+)?(e-?\d+)?/g)].map(([n]) => n);

const claims = readme.split("\n").filter((line) => /^\|.*\]\(notebooks\/0\d[^)]*\) _/.test(line));

Deno.test("README: the table of claims has a row for each, with a test for its section", () => {
  assert(claims.length >= 20, `${claims.length} rows`);
});

for (const line of claims) {
  const [section, claim, where, measured] = line.split("|").slice(1).map((cell) => cell.trim());
  Deno.test(`README: the numbers of "${section}: ${claim}" are those of the notebook`, () => {
    const [, path, heading] = where.match(/\]\(([^)]*)\) _(.*)_$/)!;
    const shown = new Set(numbers(outputsUnder(path, heading)));
    const stated = numbers(measured).filter((number) => number !== "");
    assert(stated.length > 0, "no number is stated");
    for (const number of stated) {
      assert(shown.has(number), `${number} is not in the outputs under "${heading}"`);
    }
  });
}
