import { InputError } from "./input_error.ts";
import { assertFile, type EmbeddingFile, type SideColumn } from "./embedding_file.ts";
import { isNumber, parseCsv } from "./csv_table.ts";
import { npyVector } from "./npy_rows.ts";

/**
 * Finds one value for each item: in a column of the embeddings' own file, or in a file of its own
 * (.npy of one dimension, .json list, .csv or .txt with a value a line).
 *
 * @param what What the values are, for errors: "labels".
 * @param from The name of a column, or of a file.
 * @param embeddings Where the column may be.
 * @throws {InputError} If there is neither, or not one value for each item.
 */
export function sideValues(what: string, from: string, embeddings: EmbeddingFile): SideColumn {
  const { rows } = embeddings.rows;
  const values = embeddings.columns[from] ?? readValues(what, from, rows);
  if (values.length !== rows) {
    throw new InputError(
      `there must be ${what} for each of the ${rows} items, ${from} has ${values.length}`,
    );
  }
  return values;
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
export function numericValues(what: string, from: string, values: SideColumn): Float64Array {
  return Float64Array.from(values, (value, i) => {
    const number = Number(value);
    if (value === null || !isNumber(String(value)) || !Number.isFinite(number)) {
      throw new InputError(`${from}, ${what} of item ${i + 1}: "${value}" is no number`);
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
