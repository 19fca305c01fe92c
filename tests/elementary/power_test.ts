import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { dyadic } from "../../lib/elementary/exact/dyadic.ts";
import { exactPower } from "../../lib/elementary/exact/exact_power.ts";
import { nearestDouble } from "../../lib/elementary/exact/nearest_double.ts";
import { power } from "../../lib/elementary/power.ts";
import { EDGES } from "./arguments.ts";

const { double } = seedrandom.alea("powers");

/** x^n for an integer n by multiplying integers out, and one division where n is negative. */
function byIntegers(x: number, n: number): number {
  const { mantissa, exponent } = dyadic(x);
  const size = mantissa ** BigInt(Math.abs(n));
  if (n > 0) return nearestDouble(size, exponent * n);
  // So many digits that what the division cuts off is no matter, but for being there.
  const digits = size.toString(2).length + 200;
  return nearestDouble((1n << BigInt(digits)) / size * 2n + 1n, exponent * n - digits - 1);
}

Deno.test("power: integer powers are those of whole numbers, rounded once", () => {
  for (let i = 0; i < 4000; i++) {
    const x = double() * 100, n = (1 + i % 100) * (i % 3 === 0 ? -1 : 1);
    if (x < 0.01) continue;
    assert.equal(power(x, n), byIntegers(x, n), `${x} ** ${n}`);
    assert.equal(power(-x, n), n % 2 === 0 ? power(x, n) : -power(x, n));
  }
});

Deno.test("power: other powers are those in 192 digits and more", () => {
  for (let i = 0; i < 1500; i++) {
    const x = double() * 10 ** (6 * double() - 3), y = (double() - 0.5) * 10 ** (2 * double());
    assert.equal(power(x, y), exactPower(x, y), `${x} ** ${y}`);
  }
});

Deno.test("power: the square root, squares and powers of two are exact", () => {
  for (let i = 0; i < 20_000; i++) {
    const x = double() * 100;
    assert.equal(power(x, 0.5), Math.sqrt(x));
    assert.equal(power(x, 2), x * x);
    // All that the library has of `**` with a number that is none of the source's.
    assert.equal(x ** 2, x * x);
  }
  for (let n = -1074; n <= 1023; n++) assert.equal(power(2, n), nearestDouble(1n, n));
  for (let n = -323; n <= 308; n++) assert.equal(power(10, n), Number(`1e${n}`));
});

Deno.test("power: in the middle between two doubles it is the even one", () => {
  // 3^34 and 5^23 are odd and have 54 binary digits, so are their roots' powers, and their doubles.
  for (const [x, y] of [[3, 34], [9, 17], [81, 8.5], [5, 23], [25, 11.5], [0.75, 34], [6, 34]]) {
    const whole = dyadic(x ** (y % 1 === 0 ? 1 : 0.5));
    const n = y % 1 === 0 ? y : 2 * y;
    assert.equal(power(x, y), nearestDouble(whole.mantissa ** BigInt(n), whole.exponent * n));
  }
  assert.equal(power(3, 34), 16677181699666568);
  assert.equal(power(5, 23), 11920928955078124);
  assert.equal(power(2, -1075), 0);
  assert.equal(power(8, -358.5), 0);
  assert.equal(power(3, -678), byIntegers(3, -678));
});

Deno.test("power: edges are as of **", () => {
  for (const x of EDGES) {
    for (const y of EDGES) {
      const expected = x ** y;
      const close = Math.abs(power(x, y) - expected) <= Number.EPSILON * Math.abs(expected);
      assert(close || Object.is(power(x, y), expected), `${x} ** ${y}: ${power(x, y)}`);
    }
  }
});
