import { parseNumber } from "./parse_number.ts";

/** A number with what NumPy, PyTorch and JAX print around it. */
const WRAPPED =
  /\b(?:np|numpy|torch|jnp)?\.?(?:float|bfloat|double|int|uint)\d*\(\s*([^()]*?)\s*\)/g;
const CALLED =
  /^\s*(?:[\w.]*\b(?:array|tensor|Array|Vector|DenseVector|list|vector|Tensor|c))\s*\(([\s\S]*)\)\s*$/;
/** What stands after the entries within array(…) and tensor(…). */
const OPTIONS = /,\s*(?:dtype|device|requires_grad|grad_fn|shape|layout)\s*=[\s\S]*$/;

/**
 * Reads a vector that is written in one cell: "[0.1, 0.2]", "{0.1,0.2}", "[ 0.1 0.2]" over lines,
 * "0.1|0.2|0.3", "array([0.1, 0.2], dtype=float32)" and "[np.float32(0.1), np.float32(0.2)]".
 *
 * @returns Why it is none, where it is not: "abbreviated" where NumPy left out entries.
 */
export function parseVector(cell: string): number[] | "no vector" | "abbreviated" {
  let text = cell.trim().replace(/^'([\s\S]*)'$/, "$1").trim();
  let bracketed = false;
  const called = CALLED.exec(text);
  if (called !== null) {
    text = called[1].replace(OPTIONS, "").trim();
    bracketed = true;
  }
  for (;;) {
    const inner = /^[[({<]([\s\S]*)[\])}>]$/.exec(text)?.[1];
    if (inner === undefined) break;
    text = inner.trim();
    bracketed = true;
  }
  if (text.includes("(")) text = text.replace(WRAPPED, "$1");
  if (bracketed && (text.includes("...") || text.includes("…"))) return "abbreviated";
  const parts = text.split(/\s*[,;|]\s*|\s+/);
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
  return /^[\s[({<'\w.+-]/.test(cell) && cell.length > 2 && parseVector(cell) !== "no vector";
}
