/**
 * The elementary functions, the same to the last bit in every engine. Those of an engine, and of the
 * C library that decides `x ** y`, differ in their last digits from one version to the next.
 *
 * They are AssemblyScript's `Math`, compiled to WebAssembly (`assembly/elementary.ts`), whose f64
 * arithmetic is specified to the last bit. What a kernel computes by `Math.log1p` agrees with
 * {@linkcode log1p}.
 *
 * @module
 */
import { instantiateKernels, kernelModule } from "../kernels/kernels.ts";
import source from "./elementary_wasm.ts";

/** The tables of the functions take a quarter of one page. */
const wasm = instantiateKernels(
  kernelModule(source, false),
  new WebAssembly.Memory({ initial: 1, maximum: 65_536 }),
);

/**
 * e^x, to 0.52 units in the last place.
 *
 * @param x The exponent.
 * @returns e^x, for which `Math.exp` gives other last digits in other engines.
 *
 * @example
 * ```ts
 * import { exp } from "./elementary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(exp(1), Math.E);
 * ```
 */
export function exp(x: number): number {
  return wasm.exp(x);
}

/**
 * The natural logarithm, to 0.52 units in the last place.
 *
 * @param x A number.
 * @returns ln x; −∞ for 0, NaN for a negative number.
 *
 * @example
 * ```ts
 * import { log } from "./elementary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(log(10), Math.LN10);
 * ```
 */
export function log(x: number): number {
  return wasm.log(x);
}

/**
 * ln(1 + x), to less than one unit in the last place, also where x is tiny.
 *
 * @param x A number.
 * @returns ln(1 + x); −∞ for −1, NaN below it.
 *
 * @example
 * ```ts
 * import { log1p } from "./elementary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(log1p(1e-20), 1e-20);
 * ```
 */
export function log1p(x: number): number {
  return wasm.log1p(x);
}

/**
 * The logarithm to base 2, to 0.55 units in the last place.
 *
 * @param x A number.
 * @returns log₂ x, which is exact for a power of two; −∞ for 0, NaN for a negative number.
 *
 * @example
 * ```ts
 * import { log2 } from "./elementary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(log2(1 / 8), -3);
 * ```
 */
export function log2(x: number): number {
  return wasm.log2(x);
}

/**
 * x^y, to 0.55 units in the last place; in library code it stands for `x ** y`, of which only squares
 * are the same on every machine.
 *
 * @param x The base.
 * @param y The exponent.
 * @returns x^y. It is 0, infinite or NaN where `x ** y` is.
 *
 * @example
 * ```ts
 * import { power } from "./elementary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(power(10, -3), 0.001);
 * ```
 */
export function power(x: number, y: number): number {
  return wasm.pow(x, y);
}

/**
 * √(x₁² + x₂² + …), without overflow or underflow of the squares. The language leaves open how
 * `Math.hypot` adds up; here it is in units of the largest, with Kahan's compensation, as in V8.
 *
 * @param values The coordinates.
 * @returns The length; 0 if there are none.
 *
 * @example
 * ```ts
 * import { hypot } from "./elementary.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(hypot([0, -3e200]), 3e200);
 * ```
 */
export function hypot(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  if (largest === 0 || largest === Infinity) return largest;
  let sum = 0, lost = 0;
  for (let i = 0; i < values.length; i++) {
    const share = values[i] / largest;
    const term = share * share - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}
