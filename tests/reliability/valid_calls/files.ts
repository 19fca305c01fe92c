/**
 * Small files that valid calls read, in a folder that goes when the tests end.
 *
 * @module
 */
import pl from "nodejs-polars";

export const folder = Deno.makeTempDirSync({ prefix: "cosine-lab-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** A log of interactions, as Parquet. */
export const log = `${folder}/log.parquet`;
pl.DataFrame({ u: ["a", "a", "b"], i: ["c", "d", "d"], v: [1, 2, 3] }).writeParquet(log);

/** The counts of pairs of items, as CSV. */
export const counts = `${folder}/counts.csv`;
Deno.writeTextFileSync(counts, "item_a,item_b,total\nc,c,1\nc,d,1\nd,d,2\n");

/** Two words and their vectors. */
export const words = `${folder}/words.csv`;
Deno.writeTextFileSync(words, "id,x,y\nc,1,0\nd,1,2\n");

/** A small MovieLens, in the format of ml-latest-small. */
export const movies = `${folder}/ml`;
const five = [1, 2, 3, 4, 5];
Deno.mkdirSync(movies);
Deno.writeTextFileSync(
  `${movies}/movies.csv`,
  ["movieId,title,genres", ...five.map((id) => `${id},Number ${id} (2001),Comedy|Drama`)].join(
    "\n",
  ),
);
Deno.writeTextFileSync(
  `${movies}/ratings.csv`,
  ["userId,movieId,rating,timestamp", ...five.flatMap((u) => five.map((i) => `${u},${i},5,0`))]
    .join("\n"),
);

/** What was downloaded before: nothing has to be fetched. */
export const downloads = `${folder}/downloads`;
Deno.mkdirSync(downloads);
Deno.writeTextFileSync(`${downloads}/ml-1m.zip`, "a zip file that was put there is believed");
