import assert from "node:assert/strict";
import fc from "../fast_check.ts";
import { sources } from "../folder.ts";
import {
  callback,
  checkedOptions,
  flag,
  integer,
  number,
  oneOf,
  optional,
  type OptionCheck,
  text,
} from "../../lib/check.ts";

/** A table of one option, with values that it takes and values that it refuses. */
interface Row {
  check: OptionCheck<unknown>;
  good: unknown[];
  wrongKind: unknown[];
  outOfBounds: unknown[];
}

const rows: Row[] = [
  {
    check: integer(1, 12, 5),
    good: [1, 12],
    wrongKind: ["1", null, true, 1n, [], {}],
    outOfBounds: [0, 13, 1.5, NaN, Infinity],
  },
  {
    check: integer(0, Infinity, 5),
    good: [0, 2 ** 53 - 1],
    wrongKind: ["1", null],
    outOfBounds: [-1, 2 ** 53, Infinity],
  },
  {
    check: number({ above: 0 }, 1, 0.5),
    good: [1, 5e-324],
    wrongKind: ["1", null, () => 1],
    outOfBounds: [0, -0, 1.1, NaN, -Infinity],
  },
  { check: text("start"), good: ["", "seed"], wrongKind: [7, null, [], {}], outOfBounds: [] },
  { check: flag(true), good: [true, false], wrongKind: ["false", 0, null], outOfBounds: [] },
  {
    check: oneOf(["gram", "lanczos"], "gram"),
    good: ["gram", "lanczos"],
    wrongKind: [],
    outOfBounds: ["Gram", null, 1, "toString"],
  },
  { check: callback, good: [() => {}], wrongKind: [true, null, "log"], outOfBounds: [] },
  { check: optional(integer(1, 3)), good: [2], wrongKind: ["2"], outOfBounds: [4] },
];

Deno.test("checkedOptions() returns what is allowed and refuses everything else in a sentence", () => {
  for (const { check, good, wrongKind, outOfBounds } of rows) {
    const table = { name: check };
    for (const value of good) {
      assert.deepEqual(checkedOptions("act", { name: value }, table), { name: value });
    }
    assert.deepEqual(checkedOptions("act", {}, table), { name: check.fallback });
    assert.deepEqual(checkedOptions("act", { name: undefined }, table), { name: check.fallback });
    for (const [values, kind] of [[wrongKind, TypeError], [outOfBounds, RangeError]] as const) {
      for (const value of values) {
        assert.throws(() => checkedOptions("act", { name: value }, table), (error: Error) => {
          assert.match(error.message, /^Cannot act: name must be .*, current value is /);
          return error instanceof kind;
        });
      }
    }
  }
});

Deno.test("checkedOptions() refuses whatever is no table of known options", () => {
  const table = { rank: integer(1, 12, 5), seed: text("start") };
  for (const given of [null, 3, "rank", [], () => {}]) {
    assert.throws(
      () => checkedOptions("act", given as object, table),
      /TypeError: Cannot act: options must be an object, current value is /,
    );
  }
  fc.assert(fc.property(fc.string(), fc.anything(), (name, value) => {
    fc.pre(!(name in table));
    const given = Object.defineProperty({}, name, { value, enumerable: true });
    assert.throws(
      () => checkedOptions("act", given, table),
      (error: Error) =>
        error.message === `Cannot act: there is no option "${name}", there are rank and seed`,
    );
  }));
});

Deno.test("an option without a fallback has to be given", () => {
  for (const check of [integer(1), number(0), text(), oneOf(["a"])]) {
    assert.throws(() => checkedOptions("act", {}, { name: check }), /name must be/);
  }
});

const functions = new Map<string, string>();
for (const path of sources("lib")) {
  const code = Deno.readTextFileSync(path).replace(/\/\*[\s\S]*?\*\//g, "");
  for (const part of code.split(/^(?=(?:export )?(?:async )?function )/m)) {
    const name = part.match(/^(?:export )?(?:async )?function (\w+)/)?.[1];
    if (name) functions.set(name, part);
  }
}

/** Whether a function checks its options by a table, itself or in what it hands them to. */
function isChecked(name: string, above: string[] = []): boolean {
  const body = functions.get(name);
  if (body === undefined || above.includes(name)) return false;
  if (/\b(checkedOptions|assertKnown)\(/.test(body)) return true;
  // Options are handed on as they are, or as the rest of them.
  const rest = body.match(/\.\.\.(\w+) \} = options;/)?.[1] ?? "options";
  const handsOn = new RegExp(`\\b(\\w+)\\((?=[^;]*\\b(options|${rest})\\b)`, "g");
  const called = [...body.matchAll(handsOn)].map((match) => match[1]);
  return called.some((other) => other !== name && isChecked(other, [...above, name]));
}

Deno.test("every public function with options checks their names", () => {
  const entries = sources("lib").filter((path) =>
    path.endsWith("/mod.ts") || path === "lib/mod.ts"
  );
  const names = entries.flatMap((path) =>
    [...Deno.readTextFileSync(path).matchAll(/export \{([^}]*)\}/g)].flatMap(([, list]) =>
      list.split(",").map((name) => name.trim()).filter((name) => /^\w+$/.test(name))
    )
  );
  const taking = [...new Set(names)].filter((name) =>
    /\boptions\??: /.test(functions.get(name)?.split(/\): .* \{$/m)[0] ?? "")
  );
  assert(taking.includes("truncatedSVD") && taking.includes("auditEmbeddings"));
  assert.deepEqual(taking.filter((name) => !isChecked(name)), []);
});

/** A value as it is written in code, in one form; undefined where it is computed. */
function literal(code: string | undefined): string | undefined {
  const value = code?.trim().replace(/(?<=\d)_(?=\d)/g, "");
  return value !== undefined && /^(-?[\d.]+(e-?\d+)?|true|false|"[^"]*"|Infinity)$/.test(value)
    ? value
    : undefined;
}

/** The last argument of a call, as it is written. */
const lastArgument = (list: string) =>
  list.trim().replace(/,$/, "").split(/,(?![^[{(]*[\]})])/).at(-1)!.trim();

Deno.test("every default that a table of options states as a number, a word or a flag is the documented one", () => {
  const constants = new Map<string, string>();
  const texts = new Map(sources("lib").map((path) => [path, Deno.readTextFileSync(path)]));
  for (const text of texts.values()) {
    for (const [, name, value] of text.matchAll(/\b([A-Z_]{3,}) = ([^,;\n]+)[,;]/g)) {
      constants.set(name, value);
    }
  }
  const checked: string[] = [];
  for (const [path, text] of texts) {
    const documented = text.matchAll(
      /@default \{([^}]*)\}(?:(?!\*\/)[^])*?\*\/\s*(?:readonly )?(\w+)\??:/g,
    );
    for (const [, stated, name] of documented) {
      const line = new RegExp(
        `(?<![\\w.])${name}: (?:integer|number|text|flag|oneOf|anything)\\(((?:[^()]|\\([^()]*\\))*)\\)`,
        "g",
      );
      const defaults = [...text.matchAll(line)].map(([, list]) => lastArgument(list))
        .map((value) => literal(constants.get(value) ?? value));
      if (literal(stated) === undefined || !defaults.some((value) => value !== undefined)) continue;
      assert(defaults.includes(literal(stated)), `${path}: ${name} is ${defaults}, not ${stated}`);
      checked.push(`${path} ${name}`);
    }
  }
  assert(checked.includes("lib/remedies/pmi.ts smoothing"));
  assert(checked.includes("lib/linalg/svd.ts tolerance"));
  assert(checked.includes("lib/networks/train_autoencoder.ts patience"));
});
