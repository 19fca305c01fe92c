import assert from "node:assert/strict";
import { knownTruth } from "cosine-lab/datasets";

Deno.test("knownTruth() has a label for each item, and the items that count", async () => {
  for (const source of ["words", "lecturers", "liked lecturers", "packages"] as const) {
    const { interactions, kinds, reference } = await knownTruth(source);
    for (const { labels, items = [] } of Object.values(kinds)) {
      assert.equal(labels.length, interactions.items, source);
      assert(items.every((item) => item < interactions.items), source);
    }
    assert.equal(reference?.rows, source === "words" ? interactions.items : undefined);
  }
  const { kinds } = await knownTruth("packages");
  const { labels, items } = kinds["section without libs"];
  assert.deepEqual([labels.length, items!.length], [1183, 751]);
  assert(items!.every((item) => labels[item] !== labels[0]));
  assert.equal(kinds.topic.items!.length, 205);
});

Deno.test("knownTruth() takes what is no name for the path of MovieLens", async () => {
  await assert.rejects(knownTruth("no such folder"), /no folder or zip file no such folder/);
});
