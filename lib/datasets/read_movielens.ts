import pl, { type DataFrame } from "nodejs-polars";
import { dropRare, type MinimumCount } from "../interactions/select.ts";
import { Interactions } from "../interactions/interactions.ts";
import { assertKnown, assertNumber, assertString } from "../check.ts";
import type { CompressedRows } from "../linalg/compressed_rows.ts";
import { dataFiles } from "./data_files.ts";
import { type Movie, readMovies } from "./read_movies.ts";
import { type Ratings, readRatings } from "./read_ratings.ts";

/** Options for {@linkcode readMovieLens}. */
export interface MovieLensOptions {
  /** The fewest stars that count as an interaction. @default {4} */
  threshold?: number;
  /** The fewest interactions of users and movies that are kept. @default {{ user: 5, item: 5 }} */
  minimumCount?: MinimumCount;
  /** Told how many bytes of the ratings have been read, and how many there are. */
  onProgress?: (done: number, total: number) => void;
}

/** The ratings of MovieLens as implicit feedback; what {@linkcode readMovieLens} makes. */
export interface MovieLens {
  /** X, binary: users x movies that they liked. Its ids are MovieLens's. */
  interactions: Interactions;
  /** One row for each movie, in the order of X: id, title, and genres joined by "|". */
  movies: DataFrame;
  /** The genres of each movie, in the order of X; a movie may have several, or none. */
  genres: readonly (readonly string[])[];
}

/**
 * Reads ratings of MovieLens as implicit feedback: a user interacted with a movie if the rating is
 * at least a threshold.
 *
 * Reads the formats of ml-latest-small, ml-25m and ml-32m (`ratings.csv` and `movies.csv`) and of
 * ml-1m (`ratings.dat` and `movies.dat`, in Latin-1). A zip file is read as a stream: 32 million
 * ratings take about 2.5 GB of memory.
 *
 * @param path The folder or the zip file, as GroupLens publishes them; see {@linkcode downloadMovieLens}.
 * @param options The threshold in stars, and how few interactions users and movies may have.
 * @returns The interactions, and the movies with their genres.
 * @throws {TypeError} If an option is of the wrong kind or unknown.
 * @throws {RangeError} If a file is missing or damaged, a line is bad (the error names the file and
 * the line), a user rated a movie twice, a movie is unknown, or nothing is left.
 *
 * @example
 * ```ts ignore
 * const { interactions, movies } = await readMovieLens("ml-latest-small.zip", { threshold: 4 });
 * ```
 */
export async function readMovieLens(
  path: string,
  options: MovieLensOptions = {},
): Promise<MovieLens> {
  assertString("read MovieLens", "path", path);
  assertKnown("read MovieLens", options, ["threshold", "minimumCount", "onProgress"]);
  const { threshold = 4, minimumCount = { user: 5, item: 5 }, onProgress } = options;
  assertNumber("read MovieLens", "threshold", threshold);
  await using files = await dataFiles(path);
  const format = files.has("ratings.dat") && !files.has("ratings.csv") ? "dat" : "csv";
  const known = await readMovies(files.open(`movies.${format}`), format);
  const ratings = await readRatings(files.open(`ratings.${format}`), format, onProgress);
  for (const id of ratings.movies) {
    if (known.has(id)) continue;
    throw new RangeError(
      `Cannot read MovieLens: ratings.${format} has movie ${id}, which movies.${format} has not, ` +
        `in ${path}`,
    );
  }
  const interactions = dropRare(liked(ratings, threshold), minimumCount);
  const movies = interactions.itemIds!.map((id) => known.get(Number(id))!);
  return { interactions, movies: describe(movies), genres: movies.map(({ genres }) => genres) };
}

/** The ratings of at least a threshold, as binary interactions. */
function liked({ rows: x, stars, users, movies }: Ratings, threshold: number): Interactions {
  const rowStarts = new Uint32Array(x.rows + 1);
  const columnIndices = new Uint32Array(x.columnIndices.length);
  let count = 0;
  for (let u = 0; u < x.rows; u++) {
    for (let t = x.rowStarts[u]; t < x.rowStarts[u + 1]; t++) {
      if (stars[t] >= threshold) columnIndices[count++] = x.columnIndices[t];
    }
    rowStarts[u + 1] = count;
  }
  const rows: CompressedRows = {
    ...x,
    rowStarts,
    columnIndices: columnIndices.slice(0, count),
    values: null,
  };
  return new Interactions(rows, { users, items: movies });
}

function describe(movies: readonly Movie[]): DataFrame {
  return pl.DataFrame({
    id: movies.map(({ id }) => id),
    title: movies.map(({ title }) => title),
    genres: movies.map(({ genres }) => genres.join("|")),
  });
}
