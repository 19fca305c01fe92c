import { stripVTControlCharacters } from "node:util";
import type { ExecuteReply } from "./kernel.ts";
import type { Settled } from "./settle.ts";

/** What to do about errors whose own words do not say it. */
const ADVICE: [RegExp, string][] = [
  [
    /not a dependency/,
    'Outside the clone a name like "cosine-lab" means nothing: put a deno.json beside the notebook whose ' +
    'imports say where it is (docs/jupyter.md has one), or import a package as "npm:name@version".',
  ],
  [
    /reading '(documentElement|createElement(NS)?)'/,
    'Plot needs a document: import { document } from "cosine-lab/notebook", and write ' +
    "Plot.plot({ document, … }).",
  ],
  [
    /^SyntaxError/m,
    "Cells have to be TypeScript or JavaScript: a notebook in Python runs with another kernel, for " +
    "instance by `jupyter nbconvert --to notebook --execute`.",
  ],
];

/**
 * Why a cell failed, in words; `undefined` where it did not.
 *
 * The kernel's own account is not enough: where an import fails it often does not name it, and
 * where an imported name does not exist, or nothing caught an error, it reports success.
 */
export async function explainFailure(
  code: string,
  reply: ExecuteReply,
  settled: Settled,
): Promise<string | undefined> {
  const { uncaught, missing, unresolved } = settled;
  if (reply.status !== "ok") {
    const reasons = unresolved.map((i) => `the import of "${i.specifier}" failed: ${i.reason}`);
    const traceback = stripVTControlCharacters((reply.traceback ?? []).join("\n")).trim();
    if (traceback !== "") reasons.push(traceback);
    if (reasons.length === 0) reasons.push(await syntaxError(code) ?? reply.evalue ?? reply.status);
    const said = reasons.join("\n");
    const advice = ADVICE.filter(([symptom]) => symptom.test(said)).map(([, sentence]) => sentence);
    return [said, ...advice].join("\n");
  }
  if (missing.length > 0) {
    return missing.map(({ specifier, name }) =>
      `"${specifier}" has no export named "${name}" (a type is imported with "import type")`
    ).join("\n");
  }
  if (uncaught.length > 0) return `an error that nothing caught: ${uncaught.join("\n")}`;
  return undefined;
}

/** What the parser has against the code. The kernel itself does not say it. */
async function syntaxError(code: string): Promise<string | undefined> {
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--ext", "ts", "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { success, stderr } = await formatter.output();
  if (success) return undefined;
  const said = stripVTControlCharacters(new TextDecoder().decode(stderr)).split(/\n\s*at file:/)[0];
  return said.replace(/^error: /, "").trim();
}
