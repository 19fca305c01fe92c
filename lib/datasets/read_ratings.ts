import { compressRows } from "../interactions/interactions.ts";
import type { CompressedRows } from "../linalg/compressed_rows.ts";
import type { DataFile } from "./data_files.ts";
import { GrowingArray } from "./growing_array.ts";
import { IdIndex } from "./id_index.ts";
import { forEachLine } from "./lines.ts";

/** Ratings as a sparse matrix, users x movies; what {@linkcode readRatings} makes. */
export interface Ratings {
  /** Who rated what. */
  rows: CompressedRows;
  /** The stars of each rating, in the order of `rows`. */
  stars: Float64Array;
  /** The id of each user. */
  users: number[];
  /** The id of each movie that was rated. */
  movies: number[];
}

const HEADER = "userId,movieId,rating,timestamp";
const [COMMA, DOT, COLON, ZERO] = [44, 46, 58, 48];

/**
 * Reads the ratings of MovieLens as a stream: `ratings.csv` with commas and a header, or
 * `ratings.dat` with "::" and none.
 *
 * @param file The file.
 * @param format Which of the two.
 * @param onProgress Told how many of the file's bytes have been read.
 * @returns The ratings; ids ascend.
 * @throws {RangeError} If a line is not a rating, with the file and the line; a user rated a movie
 * twice; or there is no rating.
 */
export async function readRatings(
  file: DataFile,
  format: "csv" | "dat",
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Ratings> {
  const [users, movies] = [new IdIndex(), new IdIndex()];
  const userOf = new GrowingArray(new Uint32Array(4096));
  const movieOf = new GrowingArray(new Uint32Array(4096));
  // Ratings are in halves of a star: two of them are integers.
  const halves = new GrowingArray(new Uint8Array(4096));
  const fields = new Float64Array(4);
  await forEachLine(file.bytes, (bytes, start, end, line) => {
    if (format === "csv" && line === 1) {
      const header = new TextDecoder().decode(bytes.subarray(start, end));
      if (header !== HEADER) throw badLine(file, line, header, `the header "${HEADER}"`);
      return;
    }
    if (!parse(bytes, start, end, format, fields)) {
      const text = new TextDecoder().decode(bytes.subarray(start, end));
      const form = format === "csv" ? HEADER : HEADER.replaceAll(",", "::");
      throw badLine(file, line, text, `${form} with ratings of 0.5 to 5 stars in halves`);
    }
    userOf.push(users.position(fields[0]));
    movieOf.push(movies.position(fields[1]));
    halves.push(2 * fields[2]);
  }, (bytes) => onProgress(bytes, file.size));
  if (halves.values.length === 0) {
    throw new RangeError(`Cannot read MovieLens: there is no rating in ${file.name}`);
  }
  const [user, movie] = [users.sorted(), movies.sorted()];
  const rows = compressRows(user.ids.length, movie.ids.length, {
    users: renumber(userOf.values, user.places),
    items: renumber(movieOf.values, movie.places),
    values: halves.values,
    name: (u, i) => `(user ${user.ids[u]}, movie ${movie.ids[i]}) of ${file.name}`,
  });
  // Without values all are 1, which is half a star.
  const stars = rows.values ?? new Float64Array(rows.columnIndices.length).fill(1);
  for (let t = 0; t < stars.length; t++) stars[t] /= 2;
  return { rows: { ...rows, values: null }, stars, users: user.ids, movies: movie.ids };
}

/** The error of a line that is not what it should be. */
export function badLine(
  { name }: DataFile,
  line: number,
  text: string,
  expected: string,
): RangeError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new RangeError(
    `Cannot read MovieLens: line ${line} of ${name} must be ${expected}, it is ` +
      JSON.stringify(shown),
  );
}

/**
 * Reads a line's four numbers into `fields`, byte by byte: two ids and the time are integers, the
 * rating may have one decimal. Returns whether the line is one.
 */
function parse(
  bytes: Uint8Array,
  start: number,
  end: number,
  format: "csv" | "dat",
  fields: Float64Array,
): boolean {
  let at = start;
  for (let field = 0; field < 4; field++) {
    let value = 0;
    const first = at;
    for (; at < end; at++) {
      const digit = bytes[at] - ZERO;
      if (digit < 0 || digit > 9) break;
      value = 10 * value + digit;
    }
    if (at === first || at - first > 15) return false;
    if (field === 2 && at + 1 < end && bytes[at] === DOT) {
      const tenths = bytes[at + 1] - ZERO;
      if (tenths !== 0 && tenths !== 5) return false;
      value += tenths / 10;
      at += 2;
    }
    fields[field] = value;
    if (field === 3) break;
    if (format === "csv") {
      if (bytes[at++] !== COMMA) return false;
    } else if (bytes[at++] !== COLON || bytes[at++] !== COLON) return false;
  }
  return at === end && fields[2] >= 0.5 && fields[2] <= 5;
}

function renumber(positions: Uint32Array, places: Uint32Array): Uint32Array {
  for (let t = 0; t < positions.length; t++) positions[t] = places[positions[t]];
  return positions;
}
