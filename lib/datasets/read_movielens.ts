import { configure, type FileEntry, Uint8ArrayReader, ZipReader } from "@zip.js/zip.js";
import type { DuckDBConnection } from "@duckdb/node-api";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import pl, { type DataFrame } from "nodejs-polars";
import { InputRangeError } from "../errors.ts";
import { anything, assertString, callback, checkedOptions, describe, number } from "../check.ts";
import { systemFolder } from "../io/files.ts";
import { Interactions } from "../interactions/interactions.ts";
import { dropRare, type MinimumCount } from "../interactions/select.ts";
import { literal, numberIds, sortedRows, withDuckDb } from "../tables/duck_db.ts";

// Deno inflates natively; a worker for each file would take longer to start than it saves.
configure({ useWebWorkers: false });

/** Options for {@linkcode readMovieLens}. */
export interface MovieLensOptions {
  /** The fewest stars that count as an interaction. @default {4} */
  threshold?: number;
  /** The fewest interactions of users and movies that are kept. @default {{ user: 5, item: 5 }} */
  minimumCount?: MinimumCount;
  /** Told how many ratings have been read, and how many there are. */
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
 * ml-1m (`ratings.dat` and `movies.dat`, in Latin-1). DuckDB parses and sorts the ratings; those of a
 * zip file are unpacked into a temporary folder.
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
  const { threshold, minimumCount, onProgress } = checkedOptions("read MovieLens", options, {
    threshold: number(-Infinity, Infinity, 4),
    minimumCount: anything<MinimumCount>({ user: 5, item: 5 }),
    onProgress: callback,
  });
  using unpacked = systemFolder();
  const files = await filesOf(path, unpacked.path);
  const format = existsSync(files("ratings.dat")) && !existsSync(files("ratings.csv"))
    ? "dat"
    : "csv";
  const [moviesName, ratingsName] = [`movies.${format}`, `ratings.${format}`];
  for (const name of [moviesName, ratingsName]) {
    if (existsSync(files(name))) continue;
    throw new InputRangeError(`Cannot read MovieLens: there is no ${name} in ${path}`);
  }
  // The file as the user knows it, for errors.
  const shown = (name: string) => files(name).replace(unpacked.path, path);
  const known = readMovies(files(moviesName), shown(moviesName), format);
  const liked = await withDuckDb({ memory: 2000 }, async (connection) => {
    await openRatings(connection, files(ratingsName), shown(ratingsName), format);
    return await likedMovies(connection, shown(ratingsName), threshold, onProgress);
  });
  for (const id of liked.itemIds!) {
    if (known.has(Number(id))) continue;
    throw new InputRangeError(
      `Cannot read MovieLens: ${shown(ratingsName)} has movie ${id}, which ${moviesName} has not`,
    );
  }
  const interactions = dropRare(liked, minimumCount);
  const movies = interactions.itemIds!.map((id) => known.get(Number(id))!);
  return {
    interactions,
    movies: pl.DataFrame({
      id: movies.map(({ id }) => id),
      title: movies.map(({ title }) => title),
      genres: movies.map(({ genres }) => genres.join("|")),
    }),
    genres: movies.map(({ genres }) => genres),
  };
}

/** Where the file of a name is: in a folder or one in it, or in `unpacked` once a zip file has been unpacked. */
async function filesOf(path: string, unpacked: string): Promise<(name: string) => string> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new InputRangeError(`Cannot read MovieLens: there is no folder or zip file ${path}`);
  }
  if (!found.isDirectory()) {
    await unzip(path, unpacked);
    return (name) => join(unpacked, name);
  }
  const inside = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const folders = [path, ...inside.map(({ name }) => join(path, name))];
  return (name) => folders.map((folder) => join(folder, name)).find(existsSync) ?? join(path, name);
}

async function unzip(path: string, folder: string): Promise<void> {
  const reader = new ZipReader(new Uint8ArrayReader(readFileSync(path)), { checkSignature: true });
  try {
    for (const entry of await reader.getEntries()) {
      const name = basename(entry.filename);
      if (entry.directory || !/^(movies|ratings)\.(csv|dat)$/.test(name)) continue;
      const file = Deno.openSync(join(folder, name), { write: true, create: true });
      await (entry as FileEntry).getData(file.writable);
    }
  } catch (error) {
    throw new InputRangeError(
      `Cannot read MovieLens: ${path} is damaged or not complete (${(error as Error).message})`,
      { cause: error },
    );
  } finally {
    await reader.close();
  }
}

const RATINGS_HEADER = "userId,movieId,rating,timestamp";

/** Half a star to five stars, as they are written. */
const STARS = ["0.5", "1", "1.0", "1.5", "2", "2.0", "2.5", "3", "3.0", "3.5", "4", "4.0", "4.5"]
  .concat("5", "5.0");

/**
 * Opens the ratings as the view `log` with columns u, i and v: `ratings.csv` with commas and a header,
 * or `ratings.dat` with "::" and none.
 */
async function openRatings(
  connection: DuckDBConnection,
  file: string,
  name: string,
  format: "csv" | "dat",
): Promise<void> {
  if (format === "csv") assertHeader(firstLine(file), RATINGS_HEADER, name);
  const rating = `ENUM(${STARS.map(literal).join(", ")})`;
  try {
    await connection.run(
      `CREATE TABLE ratings AS
     SELECT userId, movieId, rating FROM read_csv(${literal(file)},
       auto_detect = false, header = ${format === "csv"}, delim = '${DELIMITERS[format]}',
       quote = '', escape = '', nullstr = 'NULL', store_rejects = true,
       columns = { userId: 'UINTEGER', movieId: 'UINTEGER', rating: ${literal(rating)},
         timestamp: 'UBIGINT' })`,
    );
  } catch (error) {
    const reason = (error as Error).message.split("\n", 1)[0];
    throw new InputRangeError(`Cannot read MovieLens: ${name} is damaged (${reason})`, {
      cause: error,
    });
  }
  const reader = await connection.runAndReadAll(
    "SELECT line, csv_line FROM reject_errors ORDER BY line LIMIT 1",
  );
  const [bad] = reader.getRows();
  if (bad !== undefined) {
    const form = RATINGS_HEADER.replaceAll(",", DELIMITERS[format]);
    const expected = `${form} with ratings of 0.5 to 5 stars in halves`;
    throw badLine(name, Number(bad[0]), String(bad[1]), expected);
  }
  await connection.run(
    `CREATE VIEW log AS
     SELECT userId AS u, movieId AS i, CAST(CAST(rating AS VARCHAR) AS DOUBLE) AS v FROM ratings`,
  );
}

const DELIMITERS = { csv: ",", dat: "::" };

/** The ratings of at least a threshold, as binary interactions of all users and movies. */
async function likedMovies(
  connection: DuckDBConnection,
  name: string,
  threshold: number,
  onProgress?: (done: number, total: number) => void,
): Promise<Interactions> {
  const counted = await connection.runAndReadAll("SELECT count(*) FROM log");
  const total = Number(counted.getRows()[0][0]);
  if (total === 0) {
    throw new InputRangeError(`Cannot read MovieLens: there is no rating in ${name}`);
  }
  const { users, itemIds } = await numberIds(connection);
  const ids = await connection.runAndReadAll("SELECT u FROM users ORDER BY number");
  const userIds = ids.getRows().map(([id]) => Number(id));
  const rowStarts = new Uint32Array(users + 1);
  const columnIndices = new Uint32Array(total);
  let done = 0, count = 0, lastUser = -1, lastItem = -1;
  for await (const chunk of sortedRows(connection, { weighted: true, repeats: "refuse" })) {
    for (let row = 0; row < chunk.size; row++) {
      const [user, item] = [chunk.users[row], chunk.items[row]];
      if (user === lastUser && item === lastItem) {
        throw new InputRangeError(
          `Cannot read MovieLens: a user rates a movie once, (user ${userIds[user]}, movie ` +
            `${itemIds[item]}) of ${name} is there again`,
        );
      }
      [lastUser, lastItem] = [user, item];
      if (chunk.values![row] >= threshold) columnIndices[count++] = item;
      rowStarts[user + 1] = count;
    }
    onProgress?.(done += chunk.size, total);
  }
  return new Interactions(
    {
      rows: users,
      columns: itemIds.length,
      rowStarts,
      columnIndices: columnIndices.slice(0, count),
      values: null,
    },
    { users: userIds, items: itemIds },
  );
}

/** A movie of MovieLens. */
interface Movie {
  id: number;
  /** Its title, as a rule with the year in parentheses. */
  title: string;
  /** Its genres; none where there are "(no genres listed)". */
  genres: string[];
}

const MOVIES_HEADER = "movieId,title,genres";
const CSV_FIELD = /(?:"((?:[^"]|"")*)"|([^",]*))(?:,|$)/y;

/** Reads `movies.csv` in UTF-8, titles with commas in quotes, or `movies.dat` with "::" in Latin-1. */
function readMovies(file: string, name: string, format: "csv" | "dat"): Map<number, Movie> {
  const text = new TextDecoder(format === "csv" ? "utf-8" : "latin1").decode(readFileSync(file));
  const movies = new Map<number, Movie>();
  text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, i) => {
    if (format === "csv" && i === 0) return assertHeader(line, MOVIES_HEADER, name);
    const fields = format === "csv" ? csvFields(line) : datFields(line);
    if (fields?.length !== 3 || !/^\d{1,15}$/.test(fields[0])) {
      throw badLine(name, i + 1, line, MOVIES_HEADER.replaceAll(",", DELIMITERS[format]));
    }
    const [id, title, genres] = [Number(fields[0]), fields[1], fields[2]];
    if (movies.has(id)) throw badLine(name, i + 1, line, "of a movie that was not there before");
    const listed = genres === "" || genres === "(no genres listed)" ? [] : genres.split("|");
    movies.set(id, { id, title, genres: listed });
  });
  return movies;
}

/** The fields of a line of CSV, or null where its quotes do not match. */
function csvFields(text: string): string[] | null {
  const fields: string[] = [];
  CSV_FIELD.lastIndex = 0;
  for (;;) {
    const match = CSV_FIELD.exec(text);
    if (match === null) return null;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (!match[0].endsWith(",") || match[0] === "") return fields;
    if (CSV_FIELD.lastIndex === text.length) return [...fields, ""];
  }
}

/** The fields of a line with "::", which a title may have, too. */
function datFields(text: string): string[] | null {
  const [first, last] = [text.indexOf("::"), text.lastIndexOf("::")];
  if (first === last) return null;
  return [text.slice(0, first), text.slice(first + 2, last), text.slice(last + 2)];
}

function firstLine(file: string): string {
  using opened = Deno.openSync(file);
  const start = new Uint8Array(1000);
  const length = opened.readSync(start) ?? 0;
  return new TextDecoder().decode(start.subarray(0, length)).split(/\r?\n/, 1)[0];
}

function assertHeader(actual: string, header: string, name: string): void {
  if (actual !== header) throw badLine(name, 1, actual, `the header "${header}"`);
}

function badLine(name: string, line: number, text: string, expected: string): RangeError {
  return new InputRangeError(
    `Cannot read MovieLens: line ${line} of ${name} must be ${expected}, it is ` +
      describe(text.length > 80 ? `${text.slice(0, 80)}…` : text),
  );
}
