import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { knownTruth } from "cosine-lab/datasets";
import { measureChoices } from "cosine-lab/remedies";
import { withTemporaryFolder } from "../folder.ts";
import { writeFolder } from "./small_movielens.ts";

const GENRES = ["Horror", "Romance", "War"];

/** A MovieLens of 90 users who like one genre best, in the layout of ml-latest-small. */
function smallMovieLens() {
  const random = seedrandom.alea("movies");
  const movies = Array.from(
    { length: 36 },
    (_, i) => `${i + 1},Movie ${i + 1} (1999),${GENRES[i % 3]}`,
  );
  const ratings: string[] = [];
  for (let user = 1; user <= 90; user++) {
    for (let i = 0; i < 36; i++) {
      if (random() < (i % 3 === user % 3 ? 0.7 : 0.25)) {
        ratings.push(`${user},${i + 1},${random() < 0.9 ? "4.5" : "2.0"},964982703`);
      }
    }
  }
  return {
    "movies.csv": ["movieId,title,genres", ...movies, ""].join("\n"),
    "ratings.csv": ["userId,movieId,rating,timestamp", ...ratings, ""].join("\n"),
  };
}

Deno.test("MovieLens is measured like the other data, genres being the kinds", async () => {
  await withTemporaryFolder(async (folder) => {
    writeFolder(folder, smallMovieLens());
    const truth = await knownTruth(folder);
    assert.deepEqual([truth.interactions.items, Object.keys(truth.kinds)], [36, ["genre"]]);
    assert.equal(new Set(truth.kinds.genre.labels as number[]).size, 3);
    const { choices, dot, popularity, users, chance } = measureChoices(truth, {
      ranks: [3, 10],
      splits: 2,
      pairs: 10_000,
    });
    assert.equal(users, truth.interactions.users);
    assert(Math.abs(chance.genre - 11 / 35) < 1e-12);
    assert(choices["original space"].kinds.genre.auc.mean > 0.8);
    assert(choices["original space"].kinds.genre.precisionAt10.low > chance.genre);
    assert(dot.mean > popularity.mean);
  });
});

Deno.test("data/choices.ts prints the table of MovieLens, and leaves the file alone", async () => {
  await withTemporaryFolder(async (folder) => {
    writeFolder(folder, smallMovieLens());
    const before = Deno.readTextFileSync("data/choices.json");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "data/choices.ts", folder],
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const [[name, { items, splits, byRank }]] = Object.entries<
      ReturnType<typeof measureChoices>
    >(JSON.parse(new TextDecoder().decode(stdout)));
    assert.deepEqual([name, items, splits.length], [folder, 36, 3]);
    assert.deepEqual(byRank.map(({ rank }) => rank), [5, 10, 20, 36]);
    assert.equal(Deno.readTextFileSync("data/choices.json"), before);
  });
});
