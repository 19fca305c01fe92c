// Runs the examples in the documentation of the library and in the README. `deno test --doc` does it
// too, in a runtime for each, which takes half a second; here all 200 share one. Their types are
// checked by `deno task check`.
import assert from "node:assert/strict";
import { sources } from "../folder.ts";

interface Example {
  name: string;
  code: string;
}

/** What stands between fences of TypeScript in Markdown, but for what is marked to be ignored. */
function examples(path: string, markdown: string, firstLine: number): Example[] {
  return [...markdown.matchAll(/^```ts$([\s\S]*?)^```$/gm)].map(({ index, 1: code }) => {
    const line = firstLine + markdown.slice(0, index).split("\n").length - 1;
    return { name: `${path}:${line}`, code };
  });
}

/** The Markdown of each comment of a module, with the line where it starts. */
function comments(source: string): [string, number][] {
  return [...source.matchAll(/^ *\/\*\*$[\s\S]*?\*\//gm)].map(({ index, 0: comment }) => [
    comment.replace(/^ *\* ?/gm, ""),
    source.slice(0, index).split("\n").length,
  ]);
}

/** The example as a module, to which relative paths are those from the file it stands in. */
function moduleOf(path: string, code: string): string {
  const file = new URL(`../../${path}`, import.meta.url).href;
  const placed = code.replaceAll("import.meta.url", JSON.stringify(file)).replace(
    /(?<=^import [^;]* from )"(\.{1,2}\/[^"]*)"/gm,
    (_, specifier) => JSON.stringify(new URL(specifier, file).href),
  );
  return `data:application/typescript,${encodeURIComponent(placed)}`;
}

const readme = examples("README.md", Deno.readTextFileSync("README.md"), 1);
const library = [...sources("lib"), ...sources("tools")].flatMap((path) =>
  comments(Deno.readTextFileSync(path)).flatMap(([text, line]) => examples(path, text, line))
);

Deno.test("examples: the README and the library have some", () => {
  assert.equal(readme.length, 1);
  assert(library.length > 0);
});

for (const { name, code } of [...readme, ...library]) {
  Deno.test(`example: ${name}`, async () => {
    await import(moduleOf(name.split(":")[0], code));
  });
}
