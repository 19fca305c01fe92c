import { InputError } from "./input_error.ts";
import { assertFile, type EmbeddingFile, type SideColumn } from "./embedding_file.ts";
import { isNumber, parseCsv } from "./csv_table.ts";
import { npyVector } from "./npy_rows.ts";

/**
 * Where to find what is known of the items beside their coordinates: the name of a column or a
 * file that must be there, or names of columns that are taken where they are there.
 */
export type SideNames = Record<"ids" | "labels" | "popularity", string | readonly string[]>;

/**
 * Finds what is known of the items: in columns of the embeddings' own file, or in files of their
 * own (.npy of one dimension, .json list, .csv or .txt with a value a line).
 *
 * @param names Where to look.
 * @param embeddings Where the columns may be.
 * @returns A value for each item, for those that there are.
 * @throws {InputError} If what must be there is not, or has not one value for each item.
 */
export function sideColumns(
  names: SideNames,
  embeddings: EmbeddingFile,
): Partial<Record<keyof SideNames, SideColumn>> {
  const { rows } = embeddings.rows;
  const found: Partial<Record<keyof SideNames, SideColumn>> = {};
  for (const what of ["ids", "labels", "popularity"] as const) {
    const from = names[what];
    const name = typeof from === "string" ? from : from.find((name) => name in embeddings.columns);
    if (name === undefined) continue;
    const values = embeddings.columns[name] ?? readValues(what, name, rows);
    if (values.length !== rows) {
      throw new InputError(
        `there must be ${what} for each of the ${rows} items, ${name} has ${values.length}`,
      );
    }
    found[what] = values;
  }
  return found;
}

/** Turns labels of any kind into numbers from 0 on. */
export function labelNumbers(labels: SideColumn): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(labels, (label) => {
    const known = numbers.get(String(label));
    if (known !== undefined) return known;
    numbers.set(String(label), numbers.size);
    return numbers.size - 1;
  });
}

/** Reads values as finite numbers. */
export function numericValues(what: string, values: SideColumn): Float64Array {
  return Float64Array.from(values, (value, i) => {
    const number = Number(value);
    if (value === null || !isNumber(String(value)) || !Number.isFinite(number)) {
      throw new InputError(`${what} of item ${i}, counted from 0: "${value}" is no number`);
    }
    return number;
  });
}

function readValues(what: string, path: string, items: number): SideColumn {
  if (!/\.(npy|json|csv|txt)$/i.test(path)) {
    throw new InputError(
      `${what} must be in a column of the embeddings or in a .npy, .json, .csv or .txt file, ` +
        `"${path}" is neither`,
    );
  }
  assertFile(path);
  if (/\.npy$/i.test(path)) return Array.from(npyVector(path));
  const text = Deno.readTextFileSync(path);
  if (/\.json$/i.test(path)) {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw new InputError(`${path} is no JSON`);
    }
    if (!Array.isArray(json)) throw new InputError(`${path} must hold a list`);
    return json;
  }
  if (/\.txt$/i.test(path)) return text.replace(/\r?\n$/, "").split(/\r?\n/);
  const { names, rows } = parseCsv(text, ",", path);
  const width = rows[0]?.length ?? 0;
  if (width !== 1) {
    throw new InputError(`${path} must have one column, it has ${width}`);
  }
  const values = rows.map(([cell]) => cell);
  // Among words nothing tells a header from a value but whether there is one too many.
  return names === null || values.length === items ? values : [names[0], ...values];
}
