import { debianPackages } from "cosine-lab/datasets";
import assert from "node:assert/strict";
import { packageIndex, packageNeeds } from "../../data/make_debian_packages.ts";
import { topicTags } from "../../lib/datasets/debian_packages.ts";
import { withTemporaryFolder } from "../folder.ts";

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
        args: [
          "run",
          "--cached-only",
          "-A",
          "data/make_debian_packages.ts",
          `${folder}/Packages`,
          `${folder}/${run}`,
        ],
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

const INDEX = `Package: tea
Source: drinks (2.1)
Version: 1
Pre-Depends: kettle (>= 1:2.0~)
Depends: water | milk, cup:any [amd64], teabag,
 spoon-api-7, fork
Section: food
Tag: field::food, role::program,
 use::drinking

Package: teabag
Source: drinks

Package: soup
Depends: water, water, milk | water, cook

Package: water

Package: milk

Package: cup

Package: kettle
Source: kitchen
Provides: fork (= 1), cook

Package: spoon
Provides: spoon-api-7, fork, cook
`;

Deno.test("packageIndex() reads fields that go on, and bare names", () => {
  const [tea, , , , , , kettle] = packageIndex(INDEX);
  assert.deepEqual(tea, {
    name: "tea",
    source: "drinks",
    section: "food",
    tags: ["field::food", "role::program", "use::drinking"],
    needs: [["kettle"], ["water", "milk"], ["cup"], ["teabag"], ["spoon-api-7"], ["fork"]],
    provides: [],
  });
  assert.deepEqual([kettle.source, kettle.provides], ["kitchen", ["fork", "cook"]]);
});

Deno.test("packageIndex() refuses a paragraph without a name", () => {
  assert.throws(() => packageIndex("Package: tea\n\nSection: food\n"), /RangeError.*names none/);
  assert.deepEqual(packageIndex("\n\n"), []);
});

Deno.test("packageNeeds() takes the first alternative, the only provider, and nothing of its own", () => {
  // Of "fork" and "cook" there are two providers, which nobody chose between; teabag is the source's own.
  assert.deepEqual(packageNeeds(packageIndex(INDEX)), [
    { source: "drinks", needs: "cup" },
    { source: "drinks", needs: "kettle" },
    { source: "drinks", needs: "spoon" },
    { source: "drinks", needs: "water" },
    { source: "soup", needs: "milk" },
    { source: "soup", needs: "water" },
  ]);
});

Deno.test("packageNeeds() leaves out what is rare until all have as many", () => {
  // Two sources need water; soup then needs nothing else that is left, drinks neither.
  const needs = packageNeeds(packageIndex(INDEX), { source: 1, needs: 2 });
  assert.deepEqual(needs, [{ source: "drinks", needs: "water" }, {
    source: "soup",
    needs: "water",
  }]);
  assert.deepEqual(packageNeeds(packageIndex(INDEX), { source: 2, needs: 2 }), []);
});

Deno.test("topicTags() takes the rarest topic that five packages have", () => {
  const tags = [
    ...Array.from({ length: 6 }, () => ["field::statistics", "devel::lang:r"]),
    ...Array.from({ length: 5 }, () => ["use::checking", "field::statistics"]),
    ["field::mathematics", "field::statistics"],
    ["works-with::TODO"],
    [],
  ];
  assert.deepEqual(topicTags(tags), [
    ...Array(6).fill("field::statistics"),
    ...Array(5).fill("use::checking"),
    "field::statistics",
    "",
    "",
  ]);
});
