import type { EmbeddingRows } from "../rows.ts";

/**
 * A number as Python, spreadsheets and databases write it; undefined for what is none. nan and inf
 * are numbers here, so that an error can say that they are not finite.
 *
 * @param decimalComma Whether a comma may stand before the fraction, as in tables separated by `;`.
 */
export function parseNumber(cell: string, decimalComma = false): number | undefined {
  const value = Number(cell);
  // Number() also takes "", " " and "0x10".
  if (value === value && (value !== Math.trunc(value) || DECIMAL.test(cell))) return value;
  // The minus of typesetters, and the exponent of Fortran.
  const text = (decimalComma ? cell.replace(",", ".") : cell).trim().replaceAll("\u2212", "-")
    .replace(/^([+-]?[\d.]+)d([+-]?\d+)$/i, "$1e$2");
  if (DECIMAL.test(text)) return Number(text);
  const [, sign, word] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (word === undefined) return undefined;
  if (word.toLowerCase() === "nan") return NaN;
  return sign === "-" ? -Infinity : Infinity;
}

const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** Whether a cell is a number. */
export function isNumber(cell: string, decimalComma = false): boolean {
  return parseNumber(cell, decimalComma) !== undefined;
}

/** What a file has in place of a number, shortened, for an error. */
export function quote(value: unknown): string {
  const text = asJson(value);
  return text.length <= 200 ? text : `${text.slice(0, 198)}…"`;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_, one) => typeof one === "bigint" ? String(one) : one) ??
      "nothing";
  } catch {
    return "what is nested too deep";
  }
}

/** Powers of ten that are exact. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Below 2^53, so that one more division is the only rounding. */
const MOST_DIGITS = 15;

/**
 * Reads the number that stands in `bytes` from `from` to `to`; undefined for what is none.
 *
 * What has up to 15 digits and no exponent, as vectors are mostly printed, is read without making
 * a string of it: an exact integer by an exact power of ten is rounded correctly (Clinger 1990), so
 * the digits are those of `Number`.
 */
export function parseDecimal(
  bytes: Uint8Array,
  from: number,
  to: number,
  decimalComma = false,
): number | undefined {
  const mark = decimalComma ? COMMA : POINT;
  let at = from, digits = 0, value = 0, point = -1;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  for (; at < to; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (value > 0) digits++;
    } else if (bytes[at] === mark && point < 0) point = at;
    else break;
  }
  const decimals = point < 0 ? 0 : to - 1 - point;
  const length = to - from - (sign === MINUS || sign === PLUS ? 1 : 0) - (point < 0 ? 0 : 1);
  if (at === to && length > 0 && digits <= MOST_DIGITS && decimals < POWERS.length) {
    const result = decimals === 0 ? value : value / POWERS[decimals];
    return sign === MINUS ? -result : result;
  }
  return parseNumber(UTF8.decode(bytes.subarray(from, Math.min(to, from + 60))), decimalComma);
}

const UTF8 = new TextDecoder();
const ZERO = 0x30, MINUS = 0x2d, PLUS = 0x2b, POINT = 0x2e, COMMA = 0x2c;

/** A number with what NumPy, PyTorch and JAX print around it. */
const WRAPPED =
  /\b(?:np|numpy|torch|jnp)?\.?(?:float|bfloat|double|int|uint)\d*\(\s*([^()]*?)\s*\)/g;
/** What stands around the entries of a vector. */
const WRAPPERS = [
  /^(["'])(?<inner>[^"']*)\1$/,
  /^<tf\.Tensor:[\s\S]*?\bnumpy=(?<inner>[\s\S]*)>$/,
  /^\{\s*"\w+"\s*:(?<inner>\s*\[[^\]]*\]\s*)\}$/,
  /^(?:[\w.]*\b(?:array|tensor|Array|Vector|DenseVector|list|vector|Tensor|c))\s*\((?<inner>[\s\S]*?)(?:,\s*(?:dtype|device|requires_grad|grad_fn|shape|layout)\s*=[\s\S]*)?\)$/,
  /^[[({<](?<inner>[\s\S]*)[\])}>]$/,
];

/** Entries with a decimal comma, and semicolons between them. */
const DECIMAL_COMMAS = /^[+-]?\d+(,\d+)?(\s*;\s*[+-]?\d+(,\d+)?)+$/;

/** As base64, eight float32 numbers take so many characters. */
const SHORTEST_BYTES = 44;

/**
 * Reads a vector that is written in one cell: "[0.1, 0.2]", "{0.1,0.2}", "[ 0.1 0.2]" over lines,
 * "0.1|0.2|0.3", "array([0.1, 0.2], dtype=float32)", "[np.float32(0.1), np.float32(0.2)]", or float32
 * numbers as base64.
 *
 * @returns Why it is none, where it is not: "abbreviated" where NumPy left out entries.
 */
export function parseVector(cell: string): number[] | "no vector" | "abbreviated" {
  // Hive's mark between the entries of a list.
  let text = cell.replaceAll("\x02", ",").trim();
  let bracketed = false;
  for (;;) {
    const place = WRAPPERS.findIndex((wrapper) => wrapper.test(text));
    if (place < 0) break;
    text = WRAPPERS[place].exec(text)!.groups!.inner.trim();
    bracketed ||= place > 0;
  }
  if (text.includes("(")) text = text.replace(WRAPPED, "$1");
  if (bracketed && (text.includes("...") || text.includes("…"))) return "abbreviated";
  if (!bracketed && text.length >= SHORTEST_BYTES && !/[\s,;|.]/.test(text)) {
    const numbers = fromBytes(text, 1e-12);
    if (numbers !== undefined) return Array.from(numbers);
  }
  const parts = text.includes(",") && DECIMAL_COMMAS.test(text)
    ? text.replaceAll(",", ".").split(";")
    : text.split(/\s*[,;|]\s*|\s+/);
  // A time of day has colons, too.
  if (parts.length === 1 && text.includes(".")) parts.splice(0, 1, ...text.split(":"));
  if (parts.at(-1) === "") parts.pop();
  if (parts.length === 0 || !bracketed && parts.length < 3) return "no vector";
  const vector = new Array<number>(parts.length);
  for (let i = 0; i < parts.length; i++) {
    const part = /^["'].*["']$/.test(parts[i]) ? parts[i].slice(1, -1) : parts[i];
    const value = /^(null|none)$/i.test(part) ? NaN : parseNumber(part);
    if (value === undefined) return "no vector";
    vector[i] = value;
  }
  return vector;
}

/** Whether a cell is a vector, or was one before it was abbreviated. */
export function isVector(cell: string): boolean {
  return /^[\s[({<"'\\\w.+\u2212-]/.test(cell) && cell.length > 2 &&
    parseVector(cell) !== "no vector";
}

/**
 * Reads the bytes of float32 numbers, or else of float64, written as base64, as OpenAI sends them, or as hexadecimal digits
 * behind a mark, as PostgreSQL and SQLite print them (\x…, 0x…, X'…').
 *
 * @param text The text; what is neither gives undefined.
 * @param least The smallest entry above 0 that is believed: text may look like base64.
 */
export function fromBytes(text: string, least = 0): Float32Array | Float64Array | undefined {
  const [, hex] = /^(?:\\x|0x|x')((?:[0-9a-f]{8})+)'?$/i.exec(text) ?? [];
  const isBase64 = text.length >= 16 && text.length % 4 === 0 &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  if (hex === undefined && !isBase64) return undefined;
  const bytes = hex !== undefined
    ? Uint8Array.from(hex.match(/../g)!, (digits) => parseInt(digits, 16))
    : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const isEntry = (value: number) => {
    const size = Math.abs(value);
    return size < 1e6 && (size === 0 || size >= least);
  };
  for (const Numbers of [Float32Array, Float64Array]) {
    if (bytes.length % Numbers.BYTES_PER_ELEMENT !== 0) continue;
    const numbers = new Numbers(bytes.buffer);
    if (numbers.every(isEntry)) return numbers;
  }
  return undefined;
}

/** The number that occurs most often, but for 0; of several, one of them. 0 where there is none. */
export function mostCommon(
  numbers: Iterable<number>,
  which: "least" | "largest" = "largest",
): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  counts.delete(0);
  const most = Math.max(...counts.values());
  const found = [...counts].filter(([, count]) => count === most).map(([number]) => number);
  if (found.length === 0) return 0;
  return which === "least" ? Math.min(...found) : Math.max(...found);
}

/** Rows without some of their columns. */
export function withoutColumns(source: EmbeddingRows, drop: readonly number[]): EmbeddingRows {
  if (drop.length === 0) return source;
  const keep = Array.from({ length: source.columns }, (_, c) => c).filter((c) => !drop.includes(c));
  return {
    rows: source.rows,
    columns: keep.length,
    *blocks() {
      for (const { start, rows, values } of source.blocks()) {
        const kept = new (values.constructor as Float64ArrayConstructor)(rows * keep.length);
        for (let i = 0, to = 0; i < rows; i++) {
          for (const c of keep) kept[to++] = values[i * source.columns + c];
        }
        yield { start, rows, values: kept };
      }
    },
  };
}

/** A column of rows, as numbers. */
export function columnOf(source: EmbeddingRows, c: number): number[] {
  const values: number[] = [];
  for (const block of source.blocks()) {
    for (let i = 0; i < block.rows; i++) values.push(block.values[i * source.columns + c]);
  }
  return values;
}
