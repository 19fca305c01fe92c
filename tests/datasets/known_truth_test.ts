import { cosineSimilarity, neighborOverlap, truncatedSVD } from "cosine-lab";
import {
  debianPackages,
  instEval,
  knownTruth,
  labeledInteractions,
  libraryEmbeddings,
} from "cosine-lab/datasets";
import { planeItems } from "cosine-lab/remedies";
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

Deno.test("instEval() has what the extract was made by", () => {
  const { interactions: x, lecturers } = instEval();
  assert.deepEqual([x.users, x.items, x.nonzeros], [2972, 1128, 73421]);
  assert.deepEqual(lecturers.getColumn("lecturer").toArray(), x.itemIds);
  const departments = lecturers.getColumn("department").toArray() as number[];
  assert.equal(new Set(departments).size, 14);
  assert.equal(departments.filter((each, i) => each !== departments[i - 1]).length, 14);
  const counts = new Uint32Array(x.items);
  for (const item of x.columnIndices) counts[item]++;
  assert.deepEqual(lecturers.getColumn("ratings").toArray(), [...counts]);
});

Deno.test("instEval() keeps ratings of at least so many points", () => {
  const nonzeros = [1, 2, 3, 4, 5].map((threshold) =>
    instEval({ threshold }).interactions.nonzeros
  );
  // 10,186, 12,951, 17,609, 16,921 and 15,754 ratings of 1 to 5 points.
  assert.deepEqual(nonzeros, [73421, 63235, 50284, 32675, 15754]);
  assert.throws(() => instEval({ threshold: 6 }), RangeError);
  assert.throws(() => instEval({ threshold: 1.5 }), RangeError);
  assert.throws(() => instEval({ treshold: 4 } as object), /treshold/);
});

Deno.test("libraryEmbeddings() has the same calls for both, with the versions that ran", () => {
  const [simulated, debian] = [libraryEmbeddings("simulation"), libraryEmbeddings("debian")];
  const calls = (all: typeof debian) => all.map(({ library, call }) => `${library}: ${call}`);
  assert.deepEqual(calls(simulated), calls(debian));
  assert.equal(new Set(debian.map(({ key }) => key)).size, debian.length);
  for (const { key, ran } of debian) assert.equal(key.startsWith("ours-"), !ran);
  for (const name of calls(debian)) assert.match(name, /^[\w-]+ (\d+(\.\d+)+|[0-9a-f]{7}): /);
  assert(simulated.every(({ vectors }) => vectors.rows === 1000 && vectors.columns === 50));
  assert(debian.every(({ vectors }) => vectors.rows === 1183 && vectors.columns === 50));
});

Deno.test("libraryEmbeddings() has items in the order that is asked for: irlba's V is ours", () => {
  const { interactions } = debianPackages();
  const svd = truncatedSVD(interactions, { rank: 50 });
  const ours = cosineSimilarity(planeItems(svd, { lambda: 0, sigma: 0, dMat: 0 }));
  const theirs = libraryEmbeddings("debian", interactions.itemIds!)
    .find(({ library }) => library.startsWith("irlba"))!;
  assert(neighborOverlap(ours, cosineSimilarity(theirs.vectors), 10) > 0.99);
});

Deno.test("libraryEmbeddings() refuses other data and other items", () => {
  assert.throws(() => libraryEmbeddings("fedora" as never), /RangeError.*"simulation" or "debian"/);
  assert.throws(
    () => libraryEmbeddings("debian", ["tea"]),
    /RangeError.*1183 items, each once, there are 1/,
  );
});
