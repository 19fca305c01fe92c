import { knownTruth, readMovieLens } from "cosine-lab/datasets";
import { measureChoices } from "cosine-lab/remedies";
import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { withTemporaryFolder } from "../folder.ts";
import { csvFiles, datFiles, type Files, writeFolder, zipped } from "./small_movielens.ts";

const all = { minimumCount: { user: 0, item: 0 } };

/** Reads files from a folder. */
function read(files: Files, options = {}) {
  return withTemporaryFolder((folder) => {
    writeFolder(folder, files);
    return readMovieLens(folder, { ...all, ...options });
  });
}

Deno.test("readMovieLens() reads the same from every format, folder and zip", async () => {
  const expected = await read(csvFiles);
  const { interactions: x, movies, genres } = expected;
  assert.deepEqual([x.userIds, x.itemIds], [[1, 3, 330975], [1, 7, 11, 292757]]);
  assert.deepEqual(x.toDense().to2DArray(), [[1, 0, 1, 0], [1, 0, 0, 1], [0, 0, 0, 1]]);
  assert.deepEqual(movies.getColumn("title").toArray(), [
    "Toy Story (1995)",
    'Shall "We", Dance? (1996)',
    "American President, The (1995)",
    "Amélie (2001)",
  ]);
  assert.deepEqual(genres[1], []);
  assert.deepEqual(genres[3], ["Comedy", "Romance"]);
  await withTemporaryFolder(async (folder) => {
    writeFolder(`${folder}/out/ml-latest-small`, csvFiles);
    writeFolder(`${folder}/dat`, datFiles);
    Deno.writeFileSync(`${folder}/csv.zip`, await zipped(csvFiles));
    Deno.writeFileSync(`${folder}/dat.zip`, await zipped(datFiles));
    for (const path of ["out", "dat", "csv.zip", "dat.zip"]) {
      const { interactions, movies, genres } = await readMovieLens(`${folder}/${path}`, all);
      assert.deepEqual(interactions, expected.interactions, path);
      assert.deepEqual(genres, expected.genres, path);
      if (path === "dat.zip") {
        assert.equal(movies.getColumn("title").get(1), 'Shall "We":: Dance? (1996)');
        assert.equal(movies.getColumn("title").get(3), "Amélie (2001)");
      }
    }
  });
});

Deno.test("readMovieLens() takes CRLF, and a last line without an end", async () => {
  const crlf = Object.fromEntries(
    Object.entries(csvFiles).map(([name, text]) => [name, text.replaceAll("\n", "\r\n").trimEnd()]),
  );
  assert.deepEqual((await read(crlf)).interactions, (await read(csvFiles)).interactions);
});

Deno.test("readMovieLens() applies the threshold and the minimum counts", async () => {
  const { interactions } = await read(csvFiles, { threshold: 0.5 });
  assert.equal(interactions.nonzeros, 7);
  assert.equal((await read(csvFiles, { threshold: 4.5 })).interactions.nonzeros, 2);
  const common = await read(csvFiles, { minimumCount: { user: 1, item: 2 } });
  assert.deepEqual(common.interactions.itemIds, [1, 292757]);
  assert.equal(common.movies.height, 2);
  await assert.rejects(() => read(csvFiles, { minimumCount: undefined }), /nothing is left/);
  const half = csvFiles["ratings.csv"].replace(/,\d\.?\d?,(?=9)/g, ",0.5,");
  const files = { ...csvFiles, "ratings.csv": half };
  assert.equal((await read(files, { threshold: 0.5 })).interactions.nonzeros, 7);
  await assert.rejects(() =>
    read(files, { threshold: 1 }).then(({ interactions }) => {
      if (interactions.nonzeros === 0) throw new RangeError("none");
    }), /none/);
});

Deno.test("readMovieLens() names the file and the line of what is wrong", async () => {
  const reject = (files: Files, error: RegExp) =>
    assert.rejects(() => read({ ...csvFiles, ...files }), error);
  const ratings = (line: string) => ({ "ratings.csv": csvFiles["ratings.csv"] + line + "\n" });
  for (
    const line of [
      "3,5",
      "3,1,4.0,964982703,7",
      "x,1,4.0,964982703",
      "3,1,4.2,964982703",
      "3,1,6,964982703",
      "3,1,0,964982703",
      "3,-1,4,964982703",
      "3::1::4::964982703",
      "3,1,4.0",
      "3,,4.0,964982703",
      "3,1,,964982703",
      "3,1,4.5.5,1",
      "99999999999999999999,1,4,964982703",
    ]
  ) await reject(ratings(line), /line 9 of .*ratings\.csv must be userId,movieId,rating,timestamp/);
  await reject({ "ratings.csv": "user,item\n" }, /line 1 of .*ratings\.csv must be the header/);
  await reject({ "ratings.csv": "userId,movieId,rating,timestamp\n" }, /there is no rating in/);
  await reject(ratings("3,1,2.0,1"), /\(user 3, movie 1\) of .*ratings\.csv is there again/);
  await reject(ratings("3,8,2.0,1"), /ratings\.csv has movie 8, which movies\.csv has not/);
  const movies = (line: string) => ({ "movies.csv": csvFiles["movies.csv"] + line + "\n" });
  for (const line of ['8,"No end,Drama', "8,Title", "x,Title,Drama", "8,A,B,C", "1,Again,Drama"]) {
    await reject(movies(line), /line 6 of .*movies\.csv must be/);
  }
  await assert.rejects(
    () => read({ ...datFiles, "ratings.dat": datFiles["ratings.dat"] + "1::7::4:964982703\n" }),
    /line 8 of .*ratings\.dat must be userId::movieId::rating::timestamp .* it is "1::7::4:964982703"/,
  );
});

Deno.test("readMovieLens() says what is missing or damaged", async () => {
  await assert.rejects(() => readMovieLens("/nowhere/ml-1m.zip"), /there is no folder or zip file/);
  await assert.rejects(
    () => read({ "movies.csv": csvFiles["movies.csv"] }),
    /there is no ratings\.csv in/,
  );
  await assert.rejects(() => readMovieLens(7 as never), TypeError);
  await assert.rejects(() => readMovieLens(".", { threshold: "4" } as never), TypeError);
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/ml.zip`;
    const zip = await zipped(csvFiles);
    for (const length of [0, 1, 100, zip.length >> 1, zip.length - 30]) {
      Deno.writeFileSync(path, zip.subarray(0, length));
      await assert.rejects(() => readMovieLens(path, all), /ml\.zip is damaged or not complete/);
    }
    Deno.writeFileSync(path, await zipped({ "movies.csv": csvFiles["movies.csv"] }));
    await assert.rejects(() => readMovieLens(path, all), /there is no ratings\.csv in .*ml\.zip/);
  });
});

Deno.test("readMovieLens() notices a damaged byte in a zip", async () => {
  const zip = await zipped(csvFiles);
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/ml.zip`;
    for (let at = 120; at < 400; at += 20) {
      const damaged = zip.slice();
      damaged[at] ^= 0x55;
      Deno.writeFileSync(path, damaged);
      await readMovieLens(path, all).then(
        ({ interactions }) => assert.equal(interactions.nonzeros, 5, `byte ${at}`),
        (error) => assert(error instanceof RangeError, `byte ${at}: ${error}`),
      );
    }
  });
});

Deno.test("readMovieLens() passes over blank lines, and does not need the time", async () => {
  const ratings = csvFiles["ratings.csv"] + "\n3,11,4.0,\n";
  const { interactions } = await read({ ...csvFiles, "ratings.csv": ratings });
  assert.equal(interactions.nonzeros, (await read(csvFiles)).interactions.nonzeros + 1);
});

Deno.test("readMovieLens() tells its progress", async () => {
  const calls: [number, number][] = [];
  await read(csvFiles, { onProgress: (...call: [number, number]) => calls.push(call) });
  assert.deepEqual(calls.at(-1), [7, 7]);
});

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

Deno.test("data/make_choices.ts prints the table of MovieLens, and leaves the file alone", async () => {
  await withTemporaryFolder(async (folder) => {
    writeFolder(folder, smallMovieLens());
    const before = Deno.readTextFileSync("data/choices.json");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--cached-only", "-A", "data/make_choices.ts", folder],
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
