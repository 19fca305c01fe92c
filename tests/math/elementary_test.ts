import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import seedrandom from "seedrandom";
import { exp, hypot, log, log1p, log2, power } from "../../lib/math/elementary.ts";

/** Numbers on which the language says exactly what every function gives, and edges of its range. */
const EDGES = [
  ...[0, 1, 2, 0.5, 3, 2 ** -1022, 2 ** -1074, 2 ** 1023, Number.MAX_VALUE, Infinity],
  ...[2 ** 31, 1e-300, 3 * 2 ** -1074, 2 ** -54, 2 ** -53, 1 / 256, 1 - 2 ** -53, 1 + 2 ** -52],
  ...[708, 709, 709.782712893384, 709.7827128933841, 708.3964185322641, 744.4, 745.1332191019411],
  ...[745.1332191019412, 746, 1e9],
].flatMap((x) => [x, -x]).concat(NaN);

/** Numbers of the whole range of a double, subnormal ones included, or between two. */
function* numbers(
  count: number,
  seed: string,
  range?: [from: number, to: number],
): Generator<number> {
  const { double } = seedrandom.alea(seed);
  for (let i = 0; i < count; i++) {
    if (range) yield range[0] + (range[1] - range[0]) * double();
    else yield (1 + double()) * 2 ** Math.floor(2098 * double() - 1074);
  }
}

/** Numbers at every distance from 0, up to 1, on both sides. */
function* small(count: number, seed: string): Generator<number> {
  const { double } = seedrandom.alea(seed);
  for (let i = 0; i < count; i++) {
    yield (double() < 0.5 ? -1 : 1) * double() * 2 ** (-60 * double());
  }
}

const bits = new BigInt64Array(1), asDouble = new Float64Array(bits.buffer);

/** How many doubles lie between two, one of them included; infinite if one alone is NaN. */
function ulps(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Object.is(a, b) ? 0 : Infinity;
  const [from, to] = [a, b].map((x) => {
    asDouble[0] = x;
    return bits[0] < 0n ? -(bits[0] & 0x7fff_ffff_ffff_ffffn) : bits[0];
  });
  return Math.abs(Number(to - from));
}

type Elementary = (x: number) => number;

/** Each function, the engine's, and where to compare them. */
const functions: [Elementary, Elementary, ranges: ([number, number] | undefined)[]][] = [
  [exp, Math.exp, [[-40, 40], [-746, 710], undefined]],
  [log, Math.log, [[0, 1000], [0.99, 1.01], undefined]],
  [log1p, Math.log1p, [[-1, 0], [0, 100], undefined]],
  [log2, Math.log2, [[0, 1000], [0.99, 1.01], undefined]],
];

for (const [own, engines, ranges] of functions) {
  Deno.test(`${own.name}: within two units in the last place of the engine's`, () => {
    const values = [
      ...ranges.flatMap((range) => [...numbers(50_000, `${range}`, range)]),
      ...small(100_000, "small"),
      ...small(50_000, "near 1").map((x) => 1 + x),
    ];
    for (const x of values) {
      if (ulps(own(x), engines(x)) > 2) assert.fail(`${x}: ${own(x)}, and not ${engines(x)}`);
    }
  });

  Deno.test(`${own.name}: NaN, infinities and zeros where the language says so`, () => {
    for (const x of EDGES) {
      const [found, expected] = [own(x), engines(x)];
      const exact = expected === 0 || !Number.isFinite(expected);
      assert(exact ? Object.is(found, expected) : ulps(found, expected) <= 2, `${x}: ${found}`);
    }
  });
}

Deno.test("power: within two units in the last place of **, and as it is at edges", () => {
  const edges = new Set(EDGES);
  const bases = [...EDGES, ...numbers(400, "bases", [0, 50]), ...numbers(400, "wide bases")];
  const exponents = [...EDGES, ...numbers(400, "exponents", [-20, 20]), -3, 7, 101, -1.5];
  for (const x of bases) {
    for (const y of exponents) {
      const found = power(x, y), expected = x ** y;
      const exact = edges.has(x) && edges.has(y) &&
        (expected === 0 || !Number.isFinite(expected));
      if (exact ? !Object.is(found, expected) : ulps(found, expected) > 2) {
        assert.fail(`${x} ** ${y}: ${found}, and not ${expected}`);
      }
    }
  }
});

Deno.test("power: roots, squares, inverses and whole powers that have a double are exact", () => {
  for (const x of numbers(20_000, "squares", [0, 100])) {
    assert.equal(power(x, 0.5), Math.sqrt(x));
    assert.equal(power(x, 2), x * x);
    assert.equal(power(x, -1), 1 / x);
    assert.equal(power(x, 1), x);
    // The one power that the library leaves to `**`.
    assert.equal(x ** 2, x * x);
  }
  for (let n = -1074; n <= 1023; n++) assert.equal(power(2, n), 2 ** n);
  for (let n = 0; n <= 22; n++) assert.equal(power(10, n), Number(`1e${n}`));
  for (let x = 3; x < 100; x++) {
    for (let n = 1, exact = x; exact <= Number.MAX_SAFE_INTEGER; exact *= x) {
      assert.equal(power(x, n), exact);
      assert.equal(power(-x, n), n % 2 === 0 ? exact : -exact);
      n++;
    }
  }
});

Deno.test("log2: exact for every power of two", () => {
  for (let n = -1074; n <= 1023; n++) assert.equal(log2(2 ** n), n);
});

Deno.test("exp: never falls", () => {
  for (const x of numbers(20_000, "rising", [-740, 709])) {
    const next = x + Math.abs(x) * Number.EPSILON;
    assert(exp(next) >= exp(x), `${x}`);
  }
});

Deno.test("log1p: no digit is lost next to 0", () => {
  for (const x of small(20_000, "next to 0")) {
    // The next term of the series is below the last digit.
    if (Math.abs(x) < 1e-5) assert(ulps(log1p(x), x - x * x / 2 + x * x * x / 3) <= 2, `${x}`);
  }
});

Deno.test("hypot: to the last bit as V8's", () => {
  const values = [...numbers(20_000, "hypot", [-10, 10]), ...numbers(5000, "wide")];
  for (let at = 0, size = 1; at + size < values.length; at += size, size = 1 + size % 60) {
    const point = values.slice(at, at + size);
    assert.equal(hypot(point), Math.hypot(...point));
  }
  const edges = EDGES.filter((x) => !Number.isNaN(x));
  for (const x of edges) for (const y of edges) assert.equal(hypot([x, y]), Math.hypot(x, y));
  assert.equal(hypot([1, NaN]), NaN);
  assert.equal(hypot([]), 0);
});

Deno.test("elementary functions: the digits that all results rest on", () => {
  // Another version of the compiler may move a last digit; this says so before a notebook does.
  const digits = (values: Iterable<number>) =>
    createHash("sha256").update(Float64Array.from(values)).digest("hex").slice(0, 16);
  const found = Object.fromEntries(functions.map(([f, , [range]]) => [
    f.name,
    digits([...numbers(50_000, "digits", range), ...numbers(50_000, "all digits")].map(f)),
  ]));
  const bases = [...numbers(100_000, "bases", [0, 50])];
  const exponents = [...numbers(100_000, "exponents", [-20, 20])];
  assert.deepEqual({ ...found, power: digits(bases.map((x, i) => power(x, exponents[i]))) }, {
    exp: "a5df5764daafaddf",
    log: "04528ca803da42b2",
    log1p: "64998cab08a13f9a",
    log2: "a819207af8c7d4ac",
    power: "e865d7f103dfee30",
  });
});
