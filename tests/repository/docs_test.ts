import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { parseNotebook } from "../../tools/notebooks/notebook_file.ts";
import { joinLines, type MultilineText } from "../../tools/notebooks/outputs.ts";
import { PICTURE_TEXT, wordsReport } from "../../tools/audit_picture.ts";
import { readmePicture } from "../../tools/readme_picture.ts";
import { writtenDocs } from "../../tools/write_docs.ts";

const pages = [
  "README.md",
  "data/README.md",
  ...[...Deno.readDirSync("docs")].filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `docs/${name}`).sort(),
];

Deno.test("docs: the README's picture is the figure of the notebook (deno task picture draws it)", () => {
  assert.deepEqual(new Uint8Array(readmePicture()), Deno.readFileSync("notebooks/figure1.png"));
});

Deno.test("docs: the picture of the audit's report says what the audit says (deno task audit-picture draws it)", async () => {
  const html = await wordsReport();
  const text = html.slice(html.indexOf("<h1>")).replace(/<[^>]*>/g, "")
    .replace(/&nbsp;/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, "");
  const lines = Deno.readTextFileSync(PICTURE_TEXT).trimEnd().split("\n");
  assert(lines.length > 10);
  let at = 0;
  for (const line of lines) {
    const found = text.indexOf(line.replace(/\s+/g, ""), at);
    // One line after the other, with nothing between them.
    assert.equal(found, at, `the picture is old: the audit does not say "${line}" there`);
    at = found + line.replace(/\s+/g, "").length;
  }
});

Deno.test("docs: the README has 8 KB at most", () => {
  assert(Deno.statSync("README.md").size <= 8 * 1024, `${Deno.statSync("README.md").size} bytes`);
});

for (const page of pages) {
  Deno.test(`docs: every file that ${page} links to is there`, () => {
    const links = [...Deno.readTextFileSync(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)]
      .map(([, target]) => target).filter((target) => !/^https?:/.test(target));
    for (const link of links) assert(Deno.statSync(join(dirname(page), link)), link);
  });
}

for (const heading of ["Where a change goes", "What stands in more than one place"]) {
  const page = Deno.readTextFileSync("CONTRIBUTING.md");
  const section = page.split(`\n## ${heading}\n`)[1].split("\n## ")[0];

  Deno.test(`docs: the files that CONTRIBUTING names under "${heading}" are there`, () => {
    const items = section.split(/^(?=- \*\*)/m).slice(1)
      .map((item) => item.split("\n#")[0].replace(/\s+/g, " "));
    assert(items.length >= 10);
    for (const item of items) {
      const paths = [...item.matchAll(/`([\w./-]*[/.][\w./-]*)`/g)].map(([, path]) => path);
      assert(paths.length > 0 || /notebook|table of options/.test(item), item);
      for (const path of paths.filter((path) => path !== "mod.ts" && path !== ".ibin")) {
        assert(Deno.statSync(path), path);
      }
      // A function or constant beside a path is in that file.
      for (const [, name, path] of item.matchAll(/`(\w+)` (?:in|of) `([\w./-]+)`/g)) {
        assert(Deno.readTextFileSync(path).includes(name), `${name} is not in ${path}`);
      }
    }
  });

  Deno.test(`docs: what CONTRIBUTING says under "${heading}" fits a terminal of 80 columns`, () => {
    assert.deepEqual(section.split("\n").filter((line) => line.length > 80), []);
  });
}

Deno.test("docs: docs/packages.md names every package that deno.json pins, and no other version", () => {
  const page = Deno.readTextFileSync("docs/packages.md");
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  const pinned = new Map<string, string>();
  for (const target of Object.values<string>(imports)) {
    const [, name, version] = /^npm:((?:@[^/]+\/)?[^@/]+)@([^/]+)/.exec(target) ?? [];
    // Types are those of the package beside them.
    if (name !== undefined && !name.startsWith("@types/")) pinned.set(name, version);
  }
  for (const [name, version] of pinned) {
    assert(page.includes(`[${name}](`), `${name} is not named`);
    const named = page.split(`[${name}](`)[1].match(/^\S+\)(?: (\d[\w.-]*\w))?/)![1];
    assert(named === undefined || named === version, `${name} ${named}, and not ${version}`);
  }
  for (const [, name] of page.matchAll(/\[((?:@[\w-]+\/)?[\w.-]+)\]\(https:/g)) {
    assert(pinned.has(name), `${name} is not pinned`);
  }
});

Deno.test("docs: the tests that docs/reliability.md names are there", () => {
  const page = Deno.readTextFileSync("docs/reliability.md");
  const named = [...page.matchAll(/`([\w/]+_test\.ts)`/g)].map(([, path]) => path);
  assert(named.length > 0);
  for (const path of named) assert(Deno.statSync(`tests/${path}`), path);
});

Deno.test("docs: all places name one version of Deno, and one of the library", () => {
  const [, deno] = /Deno\]\(\S+\) ([\d.]+)/.exec(Deno.readTextFileSync("CONTRIBUTING.md"))!;
  const places = [
    ...[".ci/run", ".github/workflows/site.yml", "CONTRIBUTING.md", "README.md"],
    ...[
      "binder/postBuild",
      "tools/site/audit/audit_page.ts",
      "tools/site/run/page_module_names.ts",
    ],
  ];
  for (const path of places) {
    const named = [...Deno.readTextFileSync(path).matchAll(/deno@(\d[\d.]*\d)/g)];
    assert(named.length > 0, path);
    for (const [, version] of named) assert.equal(version, deno, path);
  }
  const { version } = JSON.parse(Deno.readTextFileSync("deno.json"));
  assert.match(Deno.readTextFileSync("CITATION.cff"), new RegExp(`^version: ${version}$`, "m"));
  assert(Deno.readTextFileSync("CHANGELOG.md").includes(`\n## ${version}\n`));
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
      for (const { data = {}, text: stream } of cell.outputs ?? []) {
        text += joinLines(data["text/html"] as MultilineText).replace(/<[^>]*>/g, " ");
        text += joinLines(data["text/markdown"] as MultilineText);
        text += joinLines(stream);
      }
    }
  }
  assert(found, `${path} has no heading "${heading}"`);
  return text;
}

const numbers = (text: string) =>
  [...text.replace(/(\d),(\d{3})/g, "$1$2").matchAll(/\d+(\.\d+)?(e-?\d+)?/g)].map(([n]) => n);

interface Claim {
  sections: string[];
  claim: string;
  measured: string;
  /** The notebooks, each with the heading of the cells that show it. */
  places: { path: string; heading: string }[];
}

const claims: Claim[] = Deno.readTextFileSync("docs/claims.md").split("\n")
  .filter((line) => line.startsWith("|") && line.includes("](../notebooks/")).map((line) => {
    const [, section, claim, measured, where] = line.split("|").slice(1).map((cell) => cell.trim());
    const places = [...where.matchAll(/\]\(\.\.\/([^)]*)\) _(.*?)_(?=, \[|$)/g)]
      .map(([, path, heading]) => ({ path, heading }));
    return { sections: section.split(/, (?=\d|C)/), claim, measured, places };
  });

/** The names of the tests of claims: they start with the section of the paper. */
const tests = [...Deno.readDirSync("tests/claims")].flatMap(({ name }) =>
  [...Deno.readTextFileSync(`tests/claims/${name}`).matchAll(/Deno\.test\(\s*["`](.*?)["`],/g)]
    .map(([, title]) => title)
);

Deno.test("docs: there are claims of every section, and tests to hold them", () => {
  const sections = new Set(claims.flatMap(({ sections }) => sections.map((s) => s.split(",")[0])));
  assert.deepEqual([...sections].sort(), [
    "1",
    "2",
    "2.1",
    "2.2",
    "2.3",
    "3",
    "4",
    "5",
    "Abstract",
    "Conclusions",
  ]);
  assert(tests.length >= claims.length / 2);
});

for (const { sections, claim, measured, places } of claims) {
  const name = `${sections.join(", ")}: ${claim}`;
  Deno.test(`docs: a test holds section ${name}`, () => {
    for (const section of sections) {
      const number = section.split(",")[0];
      assert(
        tests.some((title) =>
          title.startsWith(number) && !/^[.\d]/.test(title.slice(number.length))
        ),
        number,
      );
    }
  });
  Deno.test(`docs: the numbers of "${name}" are those of the notebook`, () => {
    assert(places.length > 0, "no notebook is named");
    const shown = new Set(
      places.flatMap(({ path, heading }) => numbers(outputsUnder(path, heading))),
    );
    const stated = numbers(measured).filter((number) => number !== "");
    assert(stated.length > 0, "no number is stated");
    for (const number of stated) {
      assert(shown.has(number), `${number} is not in the outputs`);
    }
  });
}

const notebooks = [...Deno.readDirSync("notebooks")].map(({ name }) => `notebooks/${name}`)
  .filter((path) => path.endsWith(".ipynb")).sort();

for (const path of notebooks) {
  Deno.test(`docs: every decimal in the prose of ${path} stands in its outputs or its code`, () => {
    const { cells } = parseNotebook(Deno.readTextFileSync(path));
    const prose: string[] = [], known: string[] = [];
    for (const cell of cells) {
      if (cell.cell_type === "markdown") prose.push(joinLines(cell.source));
      else {
        known.push(joinLines(cell.source));
        for (const { data = {}, text } of cell.outputs ?? []) {
          known.push(joinLines(text));
          for (const type of ["text/html", "text/markdown", "text/plain"]) {
            known.push(joinLines(data[type] as MultilineText).replace(/data:[^"]*"/g, ""));
          }
        }
      }
    }
    const there = new Set(numbers(known.join("\n")).map(Number));
    // Formulas have constants, sections have numbers; fenced code is a solution that nobody ran. Rows
    // of a table with code in them are facts from the sources of other libraries.
    const text = prose.join("\n").replace(/^\|.*`.*\|$/gm, " ").replace(
      /```[\s\S]*?```|`[^`]*`|\$[^$]*\$|\]\([^)]*\)/g,
      " ",
    )
      .replace(/[Ss]ections? \d(\.\d)?((,| and|, and| to|–) \d(\.\d)?)*/g, " ");
    const missing = numbers(text).filter((n) => n.includes(".") && !there.has(Number(n)));
    assert.deepEqual(missing, []);
  });
}

Deno.test("docs/ is what `deno task docs` writes", async () => {
  for (const [path, text] of Object.entries(await writtenDocs())) {
    assert.equal(Deno.readTextFileSync(path), text, `${path} is old: run deno task docs`);
  }
});
