import { assertString, describe } from "../check.ts";

/** Systems whose SQL is written; they differ in how names are quoted and what types are called. */
export type Dialect = "duckdb" | "postgresql" | "bigquery" | "snowflake" | "spark";

/** How a dialect writes names and numbers. */
interface Rules {
  /** The quotes around a name. */
  quote: '"' | "`";
  /** How the quote, and what escapes it, is written within. */
  escape: (name: string) => string;
  /** The most bytes of a name: PostgreSQL cuts longer ones off, and finds another table. */
  longest: number;
  /** The type of numbers of 64 bits with a binary point. */
  double: string;
}

const doubled = (quote: string) => (name: string) => name.replaceAll(quote, quote + quote);

/** The rules of each dialect. */
export const dialects: Readonly<Record<Dialect, Rules>> = {
  duckdb: { quote: '"', escape: doubled('"'), longest: Infinity, double: "DOUBLE" },
  postgresql: { quote: '"', escape: doubled('"'), longest: 63, double: "DOUBLE PRECISION" },
  // In BigQuery a quoted name has the escapes of a string.
  bigquery: {
    quote: "`",
    escape: (name) => name.replaceAll("\\", "\\\\").replaceAll("`", "\\`"),
    longest: 1024,
    double: "FLOAT64",
  },
  snowflake: { quote: '"', escape: doubled('"'), longest: 255, double: "DOUBLE" },
  spark: { quote: "`", escape: doubled("`"), longest: 255, double: "DOUBLE" },
};

/** A name as it stands in SQL: always quoted, so that it is what it is, whatever is in it. */
export function quotedName(name: string, what: string, dialect: Dialect): string {
  const action = "write the query";
  assertString(action, what, name);
  const { quote, escape, longest } = dialects[dialect];
  // deno-lint-ignore no-control-regex
  if (name === "" || /[\x00-\x1f\x7f]/.test(name)) {
    throw new RangeError(
      `Cannot ${action}: ${what} must be a name without control characters, it is ${
        describe(name)
      }`,
    );
  }
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > longest) {
    throw new RangeError(
      `Cannot ${action}: ${what} may have ${longest} bytes in ${dialect}, "${name}" has ${bytes}`,
    );
  }
  return quote + escape(name) + quote;
}

/** One part of a name: in double quotes, in backticks, or plain. Hyphens are those of BigQuery's projects. */
const PART = /"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([\p{L}_][\p{L}\p{N}_$]*(?:-[\p{L}\p{N}_$]+)*)/uy;

/**
 * The parts of the name of a table: `log`, `shop.log`, or `"my project".shop.log`. Plain parts are taken
 * as they are written, upper and lower case included.
 */
export function tableParts(table: string): string[] {
  const parts: string[] = [];
  for (let place = 0;;) {
    PART.lastIndex = place;
    const match = PART.exec(table);
    if (match === null) break;
    parts.push(
      match[1]?.replaceAll('""', '"') ?? match[2]?.replaceAll("``", "`") ?? match[3],
    );
    place = PART.lastIndex;
    if (place === table.length && parts.length <= 3) return parts;
    if (table[place++] !== ".") break;
  }
  throw new RangeError(
    "Cannot write the query: table must be one to three names, joined by points; those of other than " +
      `letters, digits and underscores in double quotes. It is ${describe(table)}`,
  );
}
