import assert from "node:assert/strict";
import { packageIndex, packageNeeds } from "../../lib/datasets/debian_packages.ts";

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
