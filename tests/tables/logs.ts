import fc from "../fast_check.ts";
import pl, { type DataFrame } from "nodejs-polars";

/** A log of interactions: a row for each, in any order. */
interface Log {
  df: DataFrame;
  /** The column of values of the log, if any. */
  value?: string;
}

/** The columns of users and items in every {@linkcode Log}. */
export const logColumns = { user: "who", item: "what" };

const texts = fc.uniqueArray(
  fc.oneof(fc.stringMatching(/^[a-z]{1,3}$/), fc.constantFrom("ä", "Z", "a'b", 'q"', "a,b", "0x")),
  { minLength: 1, maxLength: 7 },
);
const integers = fc.uniqueArray(fc.integer({ min: -50, max: 1_000_000 }), {
  minLength: 1,
  maxLength: 7,
});

/** Logs with ids of either kind, without values, with integers or with any numbers, each pair once. */
export const logs: fc.Arbitrary<Log> = fc
  .tuple(
    fc.oneof(texts, integers),
    fc.oneof(texts, integers),
    fc.constantFrom("none", "integer", "any"),
  )
  .chain(([users, items, kind]) => {
    const value = kind === "any"
      ? fc.double({ min: -100, max: 100, noNaN: true }).map((entry) => entry + 0)
      : fc.integer({ min: -9, max: 9 });
    const pair = fc.tuple(fc.constantFrom(...users), fc.constantFrom(...items), value);
    return fc.uniqueArray(pair, {
      minLength: 1,
      maxLength: 30,
      selector: ([user, item]) => JSON.stringify([user, item]),
    }).map((rows) => ({
      df: pl.DataFrame({
        who: ids("who", rows.map(([user]) => user)),
        what: ids("what", rows.map(([, item]) => item)),
        much: pl.Series("much", rows.map(([, , value]) => value), pl.Float64),
      }),
      value: kind === "none" ? undefined : "much",
    }));
  });

function ids(name: string, values: readonly (string | number)[]) {
  return pl.Series(name, values, typeof values[0] === "string" ? pl.Utf8 : pl.Int64);
}

/** Writes a log as CSV, all fields in quotes. */
export function writeCsv(df: DataFrame, path: string): void {
  const quoted = (field: unknown) => `"${String(field).replaceAll('"', '""')}"`;
  const rows = df.toRecords().map((row) => Object.values(row).map(quoted).join());
  Deno.writeTextFileSync(path, [df.columns.join(), ...rows, ""].join("\n"));
}
