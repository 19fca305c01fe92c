import assert from "node:assert/strict";
import { dyadic, onePlus } from "../../lib/elementary/exact/dyadic.ts";
import { exactLog, exactLog2 } from "../../lib/elementary/exact/exact_log.ts";
import { exactExp } from "../../lib/elementary/exact/exact_exp.ts";
import { exp } from "../../lib/elementary/exp.ts";
import { log } from "../../lib/elementary/log.ts";
import { log1p } from "../../lib/elementary/log1p.ts";
import { log2 } from "../../lib/elementary/log2.ts";
import { EDGES, numbers, small } from "./arguments.ts";

type Function = (x: number) => number;

/** V8's own of Deno 2.9 are LLVM's, correctly rounded too, and written by others in another way. */
const functions: [Function, Function, ranges: ([number, number] | undefined)[]][] = [
  [exp, Math.exp, [[-40, 40], [-746, 710], undefined]],
  [log, Math.log, [[0, 1000], [0.99, 1.01], undefined]],
  [log1p, Math.log1p, [[-1, 0], [0, 100], undefined]],
  [log2, Math.log2, [[0, 1000], [0.99, 1.01], undefined]],
];

function assertSame(f: Function, g: Function, values: Iterable<number>): void {
  for (const x of values) {
    if (!Object.is(f(x), g(x))) assert.fail(`${f.name}(${x}) is ${f(x)}, and not ${g(x)}`);
  }
}

for (const [own, engines, ranges] of functions) {
  Deno.test(`${own.name}: to the last bit as the engine of Deno 2.9`, () => {
    for (const range of ranges) assertSame(own, engines, numbers(50_000, `${range}`, range));
    assertSame(own, engines, small(100_000, "small"));
    assertSame(own, engines, small(50_000, "near 1").map((x) => 1 + x));
    assertSame(own, engines, EDGES);
  });
}

Deno.test("exp, log, log1p, log2: to the last bit as in 192 digits and more", () => {
  assertSame(exp, exactExp, numbers(1000, "exp", [-745, 709]));
  assertSame(log, (x) => exactLog(dyadic(x)), numbers(1000, "log"));
  assertSame(log2, (x) => exactLog2(dyadic(x)), numbers(1000, "log2"));
  assertSame(log1p, (x) => exactLog(onePlus(x)), small(1000, "log1p"));
});

Deno.test("exp, log, log2: right where they are nearly in the middle between two doubles", () => {
  // The worst cases of Lefèvre and Muller (2001): 59, 65 and 56 equal bits come after the 53. A
  // computation with a little over 100 bits takes the wrong double.
  for (
    const [f, engines, mantissa, exponent] of [
      [exp, Math.exp, 0x19e9cbbfd6080b, -83],
      [log, Math.log, 0x162a88613629b6, 626],
      [log2, Math.log2, 0x161555f75885b4, 460],
    ] as const
  ) assertSame(f, engines, [mantissa * 2 ** exponent]);
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
