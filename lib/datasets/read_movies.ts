import type { DataFile } from "./data_files.ts";
import { forEachLine } from "./lines.ts";
import { badLine } from "./read_ratings.ts";

/** A movie of MovieLens. */
export interface Movie {
  id: number;
  /** Its title, as a rule with the year in parentheses. */
  title: string;
  /** Its genres; none where there are "(no genres listed)". */
  genres: string[];
}

const HEADER = "movieId,title,genres";
const CSV_FIELD = /(?:"((?:[^"]|"")*)"|([^",]*))(?:,|$)/y;

/**
 * Reads the movies of MovieLens: `movies.csv` in UTF-8, titles with commas in quotes, or `movies.dat`
 * with "::" in Latin-1.
 *
 * @param file The file.
 * @param format Which of the two.
 * @returns The movies, by id.
 * @throws {RangeError} If a line is not a movie, or is a second one of an id, with the file and the line.
 */
export async function readMovies(
  file: DataFile,
  format: "csv" | "dat",
): Promise<Map<number, Movie>> {
  const decoder = new TextDecoder(format === "csv" ? "utf-8" : "latin1");
  const movies = new Map<number, Movie>();
  await forEachLine(file.bytes, (bytes, start, end, line) => {
    const text = decoder.decode(bytes.subarray(start, end));
    if (format === "csv" && line === 1) {
      if (text !== HEADER) throw badLine(file, line, text, `the header "${HEADER}"`);
      return;
    }
    const fields = format === "csv" ? csvFields(text) : datFields(text);
    if (fields?.length !== 3 || !/^\d{1,15}$/.test(fields[0])) {
      const form = format === "csv" ? HEADER : HEADER.replaceAll(",", "::");
      throw badLine(file, line, text, form);
    }
    const [id, title, genres] = [Number(fields[0]), fields[1], fields[2]];
    if (movies.has(id)) throw badLine(file, line, text, `of a movie that was not there before`);
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
