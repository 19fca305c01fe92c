import assert from "node:assert/strict";
import * as arbitrariness from "cosine-lab/arbitrariness";
import * as evaluation from "cosine-lab/evaluation";
import * as networks from "cosine-lab/networks";
import * as paper from "cosine-lab";
import * as remedies from "cosine-lab/remedies";
import * as training from "cosine-lab/training";
import { assertCounted } from "./assert_counted.ts";
import { exceptions } from "./exceptions.ts";
import { type ValidCall, validCalls } from "./valid_calls.ts";

// deno-lint-ignore ban-types -- any function that a module exports
const entries: Record<string, Record<string, Function>> = {
  "cosine-lab": {
    ...paper,
    Interactions: (...args: never[]) => new paper.Interactions(...args as [never]),
    "Interactions.fromDense": paper.Interactions.fromDense,
    "Interactions.fromDataFrame": paper.Interactions.fromDataFrame,
  },
  "cosine-lab/arbitrariness": { ...arbitrariness },
  "cosine-lab/evaluation": { ...evaluation },
  "cosine-lab/networks": { ...networks },
  "cosine-lab/remedies": { ...remedies },
  "cosine-lab/training": { ...training },
};

/** What is wrong wherever a valid value is of another kind, by the name it has in a report. */
const wrongValues: Record<string, unknown> = {
  "undefined": undefined,
  "null": null,
  "a number": 5,
  "a string": "text",
  "NaN": NaN,
  "an empty array": [],
  "an unknown object": { unknownOption: 1 },
};

/** How long a wrong call may take, in milliseconds. */
const LIMIT = 1000;

/** The wrong calls of a function: the arguments, and what is wrong with them. */
function* wrongCalls({ args, options }: ValidCall): Generator<[string, unknown[]]> {
  const all = options === undefined ? args : [...args, options];
  for (let count = 0; count < args.length; count++) {
    yield [`${count} of ${all.length} arguments`, args.slice(0, count)];
  }
  for (const [position, valid] of all.entries()) {
    const isOptions = position === args.length;
    for (const [kind, wrong] of Object.entries(wrongValues)) {
      // A default may stand for options; and one number or text is as good as another.
      if (isOptions && wrong === undefined) continue;
      if (typeof wrong === typeof valid && typeof wrong !== "object" && kind !== "NaN") continue;
      const value = isOptions && kind === "an unknown object"
        ? { ...valid as object, unknownOption: 1 }
        : wrong;
      yield [`argument ${position + 1} is ${kind}`, all.with(position, value)];
    }
  }
  for (const [name, valid] of Object.entries(options ?? {})) {
    for (const [kind, wrong] of Object.entries(wrongValues)) {
      if (wrong === undefined || typeof wrong === typeof valid && kind !== "NaN") continue;
      yield [`option ${name} is ${kind}`, [...args, { ...options, [name]: wrong }]];
    }
  }
}

/** What is not as it should be when a function is called with wrong arguments. */
// deno-lint-ignore ban-types -- any function that a module exports
async function complaint(called: Function, args: unknown[]): Promise<string | undefined> {
  const start = performance.now();
  try {
    await called(...args);
    return "returns";
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) return `throws ${error}`;
    if (!error.message.startsWith("Cannot ") || isOfEngine(error.message)) return `says ${error}`;
  }
  const milliseconds = performance.now() - start;
  return milliseconds > LIMIT ? `takes ${Math.round(milliseconds)} ms` : undefined;
}

/** V8 begins some of its own messages with the same word as we do. */
function isOfEngine(message: string): boolean {
  return /^Cannot (read propert|convert|destructure|set propert|use '|access|mix|assign)/.test(
    message,
  );
}

for (const [entry, functions] of Object.entries(entries)) {
  const names = Object.keys(functions).filter((name) => typeof functions[name] === "function");

  Deno.test(`${entry}: every function has a valid call, which it takes`, async () => {
    assert.deepEqual(names.sort(), Object.keys(validCalls[entry]).sort());
    for (const [name, { args, options }] of Object.entries(validCalls[entry])) {
      await functions[name](...args, ...options === undefined ? [] : [options]);
    }
  });

  Deno.test(`${entry}: every function answers wrong arguments with its own sentence`, async () => {
    const complaints: string[] = [];
    const allowed = new Set(
      exceptions.filter((exception) => exception.entry === entry).flatMap(
        ({ functions, calls }) =>
          functions.flatMap((name) => calls.map((what) => `${name}: ${what}`)),
      ),
    );
    const unused = new Set(allowed);
    let tried = 0;
    let handled = 0;
    for (const name of names) {
      for (const [what, args] of wrongCalls(validCalls[entry][name])) {
        const found = await complaint(functions[name], args);
        tried++;
        if (found === undefined) {
          handled++;
          continue;
        }
        const key = `${name}: ${what}`;
        unused.delete(key);
        if (!allowed.has(key)) complaints.push(`${key}: ${found}`);
      }
    }
    assert.equal(complaints.join("\n"), "");
    assert.deepEqual([...unused], [], "these are no exceptions any more");
    assertCounted(`wrong arguments of ${entry}`, tried, handled);
  });
}
