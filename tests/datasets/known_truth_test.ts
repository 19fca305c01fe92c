import { knownTruth, labeledInteractions } from "cosine-lab/datasets";
import assert from "node:assert/strict";
import { withTemporaryFolder } from "../folder.ts";
import { writeFolder } from "./small_movielens.ts";

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

Deno.test("labeledInteractions() has packages by section", async () => {
  const data = await labeledInteractions("debian");
  assert.equal(data.items.length, data.interactions.items);
  assert.equal(data.wellKnown.length, 10);
  assert(data.wellKnown.every((i) => i >= 0));
  assert.equal(data.groupNames[data.groups[data.items.indexOf("python3-numpy")]], "python");
  assert.equal(data.topicNames[data.topics[data.items.indexOf("libgtk-3-dev")]], "uitoolkit::gtk");
  assert.equal(new Set(data.groups).size, data.groupNames.length);
});

Deno.test("labeledInteractions() sorts movies by their rarest genre", async () => {
  // Drama is of all movies, War of every third, Comedy of one.
  const genres = ["Drama|War", "Drama", "Drama", "Comedy|Drama", "Drama|War", "Drama"];
  const movies = genres.map((each, i) => `${10 * i},Movie ${i},${each}\n`);
  const ratings = [1, 2, 3, 4, 5, 6].flatMap((user) =>
    genres.map((_, i) => `${user},${10 * i},5.0,1\n`)
  );
  await withTemporaryFolder(async (folder) => {
    writeFolder(folder, {
      "movies.csv": "movieId,title,genres\n" + movies.join(""),
      "ratings.csv": "userId,movieId,rating,timestamp\n" + ratings.join(""),
    });
    const data = await labeledInteractions(folder);
    assert.deepEqual(data.groupNames, ["Comedy", "Drama", "War"]);
    assert.deepEqual([...data.groups], [0, 1, 1, 1, 2, 2]);
    assert.equal(data.items[0], "Movie 3");
    assert.deepEqual(
      data.interactions.itemIds!.map((id) => `Movie ${Number(id) / 10}`),
      data.items,
    );
  });
});

Deno.test("labeledInteractions() rejects what is neither", async () => {
  await assert.rejects(() => labeledInteractions(7 as never), TypeError);
  await assert.rejects(() => labeledInteractions("/nowhere"), /there is no folder or zip file/);
});
