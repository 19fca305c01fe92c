import { InputRangeError, InputTypeError } from "../errors.ts";
import { assertInteger, assertNumber, assertObject, describe } from "../check.ts";
import { escapeHtml } from "../html.ts";
import { plainText } from "./figure.ts";

/** A table that shows itself as the result of a notebook's cell; what {@linkcode table} makes. */
export interface Table {
  /** The rows as they are shown. */
  toRecords(): Record<string, unknown>[];
}

/**
 * Makes a table of rows for a notebook: numbers rounded, so that the last digits of another
 * machine leave it as it is.
 *
 * It shows itself as `text/html` and `text/plain`. So does every other polars DataFrame from the moment
 * at which a cell imports `cosine-lab/notebook`: by itself a DataFrame also offers
 * `application/vnd.dataresource+json`, which VS Code prefers and shows as an empty output.
 *
 * @param rows The rows, with the same keys, or anything with `toRecords()`, such as a polars DataFrame.
 * @param digits How many digits numbers keep after the point.
 * @returns The table, one column per key.
 * @throws {TypeError} If rows are not objects, or digits is not a number.
 * @throws {RangeError} If there are no rows, or digits is not an integer between 0 and 100.
 *
 * @example
 * ```ts
 * import { table } from "cosine-lab/notebook";
 * import assert from "node:assert/strict";
 *
 * const records = table([{ model: "D = dMat^{1/2}", AUC: 0.66752 }]).toRecords();
 * assert.deepEqual(records, [{ model: "D = dMat^(1/2)", AUC: 0.668 }]);
 * ```
 */
export function table(rows: readonly Record<string, unknown>[] | Table, digits = 3): Table {
  // A frame is a proxy for which "in" knows columns alone.
  const { toRecords } = Object(rows) as Partial<Table>;
  if (typeof toRecords === "function") return table((rows as Table).toRecords(), digits);
  if (!Array.isArray(rows)) {
    throw new InputTypeError(
      `Cannot make a table: rows must be an array of objects, current value is ${describe(rows)}`,
    );
  }
  rows.forEach((row, i) => assertObject("make a table", `rows[${i}]`, row));
  assertInteger("make a table", "digits", digits, 0, 100);
  if (rows.length === 0) {
    throw new InputRangeError("Cannot make a table: there must be at least one row");
  }
  const columns = Object.keys(rows[0]).map((key): Column => [
    plainText(key),
    rows.map((row) => present(row[key], digits)),
  ]);
  const records = rows.map((_, i) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[i]]))
  );
  return Object.assign({ toRecords: () => records }, {
    [Symbol.for("Jupyter.display")]: () => ({
      "text/html": toHtml(columns),
      "text/plain": toText(columns),
    }),
  });
}

type Column = [name: string, values: unknown[]];

/** What a cell of a table shows: nothing to say is a dash. */
const shown = (value: unknown) => value === null || value === undefined ? "–" : String(value);

function toHtml(columns: readonly Column[]): string {
  const row = (tag: string, texts: string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join("")}</tr>`;
  const body = columns[0][1].map((_, i) =>
    row("td", columns.map(([, values]) => shown(values[i])))
  );
  const head = row("th", columns.map(([name]) => name));
  return `<table><thead>${head}</thead><tbody>${body.join("")}</tbody></table>`;
}

function toText(columns: readonly Column[]): string {
  const rows = [
    columns.map(([name]) => name),
    ...columns[0][1].map((_, i) => columns.map(([, values]) => shown(values[i]))),
  ];
  return rows.map((row) => row.join("\t")).join("\n");
}

function present(value: unknown, digits: number): unknown {
  // Plus 0, because a rounding error that rounds to zero may be on either side of it.
  if (typeof value === "number") return +value.toFixed(digits) + 0;
  return typeof value === "string" ? plainText(value) : value;
}

/**
 * Says that an error is below a bound, in words that are the same on every machine; or what it is,
 * where it is not below the bound.
 *
 * The last digits of a rounding error differ from machine to machine: a notebook that printed them
 * would not rerun without a diff.
 *
 * @param error The error, 0 or more.
 * @param bound The bound.
 * @returns "below 1e-12", or the error with two digits.
 * @throws {TypeError} If one of them is not a number.
 * @throws {RangeError} If one of them is negative or not finite.
 *
 * @example
 * ```ts
 * import { formatError } from "cosine-lab/notebook";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatError(3.1e-15), "below 1e-12");
 * assert.equal(formatError(0.25), "0.25");
 * ```
 */
export function formatError(error: number, bound = 1e-12): string {
  assertNumber("state an error", "error", error, 0);
  assertNumber("state an error", "bound", bound, 0);
  return error < bound ? `below ${bound.toExponential().replace("+", "")}` : formatted(error);
}

function formatted(error: number): string {
  return error >= 1e-3 && error < 1e6 ? String(+error.toPrecision(2)) : error.toExponential(1);
}
