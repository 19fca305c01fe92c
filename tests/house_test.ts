import assert from "node:assert/strict";

/** The floors of the library: a folder imports only from floors below its own. */
const FLOORS = [
  ["check", "kernels"],
  ["linalg"],
  ["interactions"],
  ["simulator", "solvers"],
  ["similarity"],
  ["evaluation", "training"],
  ["arbitrariness", "networks"],
  ["remedies"],
  ["tables"],
  ["datasets"],
  ["notebook"],
  ["audit"],
  ["runner"],
  ["site"],
];

const floor = (folder: string) => FLOORS.findIndex((folders) => folders.includes(folder));

function sources(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? sources(`${folder}/${name}`) : name.endsWith(".ts") ? [`${folder}/${name}`] : []
  );
}

for (const { name: folder, isDirectory } of Deno.readDirSync("lib")) {
  if (!isDirectory) continue;
  Deno.test(`house: lib/${folder}/ imports only from the floors below it`, () => {
    assert(floor(folder) >= 0, `lib/${folder}/ is on no floor`);
    for (const source of sources(`lib/${folder}`)) {
      // Examples in the documentation import as a user does.
      const code = Deno.readTextFileSync(source).replace(/^\s*\*.*$/gm, "");
      for (const [, other] of code.matchAll(/from "\.\.\/([a-z]+)\//g)) {
        assert(floor(other) < floor(folder), `${source} imports from lib/${other}/`);
      }
      assert.doesNotMatch(code, /from "(cosine-lab|\.\.\/mod\.ts)"/, source);
      assert.doesNotMatch(code, /from "[^"]*(tests|notebooks)\//, source);
    }
  });
}
