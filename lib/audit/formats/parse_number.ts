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
  const text = decimalComma ? cell.trim().replace(",", ".") : cell.trim();
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
