import assert from "node:assert/strict";
import { topicTags } from "../../lib/datasets/debian_packages.ts";

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
