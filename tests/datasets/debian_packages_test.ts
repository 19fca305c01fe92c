import assert from "node:assert/strict";
import { debianPackages } from "cosine-lab/datasets";
import { withTemporaryFolder } from "../temporary_folder.ts";

Deno.test("debianPackages() has what the extract was made by", () => {
  const { interactions: x, packages } = debianPackages();
  assert.deepEqual([x.users, x.items, x.nonzeros], [20683, 1183, 119826]);
  assert.deepEqual(packages.getColumn("package").toArray(), x.itemIds);
  const counts = packages.getColumn("needed_by").toArray() as number[];
  assert(counts.every((count) => count >= 20));
  for (let u = 0; u < x.users; u++) assert(x.rowStarts[u + 1] - x.rowStarts[u] >= 2);
  const needed = new Uint32Array(x.items);
  for (const i of x.columnIndices) needed[i]++;
  assert.deepEqual([...needed], counts);
});

Deno.test("debianPackages() knows who needs numpy, and sorts by section", () => {
  const { interactions: x, packages } = debianPackages();
  const numpy = x.itemIds!.indexOf("python3-numpy");
  for (const source of ["scipy", "astropy", "matplotlib"]) {
    const u = x.userIds!.indexOf(source);
    assert(x.columnIndices.subarray(x.rowStarts[u], x.rowStarts[u + 1]).includes(numpy), source);
  }
  const sections = packages.getColumn("section").toArray() as string[];
  assert.equal(sections[0], "libs");
  const starts = sections.filter((section, i) => section !== sections[i - 1]);
  assert.equal(starts.length, new Set(sections).size);
});

Deno.test("the extract is rebuilt by its script to the same bytes from the same index", async () => {
  const need = (i: number) => `lib${"abc"[i % 3]}, lib${"abc"[(i + 1) % 3]}`;
  const sources = Array.from({ length: 60 }, (_, i) => `Package: p${i}\nDepends: ${need(i)}\n`);
  const libraries = [..."abc"].map((letter) => `Package: lib${letter}\nSection: libs\n`);
  await withTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/Packages`, [...sources, ...libraries].join("\n"));
    const runs = await Promise.all([1, 2].map(async (run) => {
      Deno.mkdirSync(`${folder}/${run}`);
      const { success, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "data/debian_packages.ts", `${folder}/Packages`, `${folder}/${run}`],
      }).output();
      assert(success);
      assert.match(new TextDecoder().decode(stdout), /60 sources x 3 packages, 120 interactions/);
      return ["needs", "packages"].map((name) =>
        Deno.readFileSync(`${folder}/${run}/debian_${name}.parquet`)
      );
    }));
    assert.deepEqual(runs[0], runs[1]);
  });
});
