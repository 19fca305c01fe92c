import assert from "node:assert/strict";
import { assertCounted } from "./assert_counted.ts";
import { notFinite, outcomeOf } from "./complaint.ts";
import { exceptions } from "./exceptions.ts";
import { exportedFunctions } from "./exported_functions.ts";
import { rightAfterAll } from "./right_after_all.ts";
import { validCalls } from "./valid_calls/mod.ts";
import type { ValidCall } from "./valid_calls/valid_call.ts";
import type { WrongCall } from "./wrong_call.ts";
import { wrongContent } from "./wrong_content.ts";
import { wrongKinds } from "./wrong_kinds.ts";

const entries = await exportedFunctions();
const right = new Map(
  rightAfterAll.flatMap(({ of, content }) =>
    of.flatMap((name) => content.map((what) => [`${name} ${what}`, name]))
  ),
);
const unusedNames = new Set(right.values());
const tried = new Set<string>();

/** Functions whose options may have more in them, or exclude each other. */
const EITHER = ["denoisingEmbeddings", "weightDecayEmbeddings", "openEmbeddings"];

/** Which wrong calls of an entry are expected not to be refused, and which of these there were. */
class Allowed {
  readonly #keys: Set<string>;
  readonly #unused: Set<string>;

  constructor(entry: string) {
    this.#keys = new Set(
      exceptions.filter((exception) => exception.entry === entry).flatMap(
        ({ functions, calls }) =>
          functions.flatMap((name) => calls.map((what) => `${name}: ${what}`)),
      ),
    );
    this.#unused = new Set(this.#keys);
  }

  has(key: string): boolean {
    this.#unused.delete(key);
    return this.#keys.has(key);
  }

  get unused(): string[] {
    return [...this.#unused];
  }
}

for (const [entry, functions] of entries) {
  const calls = validCalls[entry] ?? {};

  Deno.test(`${entry}: every function has a valid call, which it takes`, async () => {
    assert.deepEqual(functions.map(({ name }) => name).sort(), Object.keys(calls).sort());
    for (const { name, call } of functions) {
      const { args, options } = calls[name];
      const result = await call(...args, ...options === undefined ? [] : [options]);
      assert.equal(notFinite(result), undefined, name);
    }
  });

  Deno.test(`${entry}: every valid call has every option that there is`, async () => {
    for (const { name, call } of functions) {
      const { args, options } = calls[name];
      if (options === undefined || EITHER.includes(name)) continue;
      // The message about an option that there is not lists those that there are.
      const failure = await Promise.try(call, ...args, { ...options, noSuchOption: 1 })
        .then(() => `${name} takes any option`, (error: Error) => error.message);
      const listed = failure.match(/no option "noSuchOption", there (?:are|is) (.*)$/);
      const all = listed?.[1].split(/, | and /) ?? [failure];
      assert.deepEqual(all.filter((option) => !(option in options)), [], name);
    }
  });

  const allowed = new Allowed(entry);

  /** Tries wrong calls of every function, and holds a row of the page to how many were handled. */
  const tryAll = async (
    what: string,
    wrongCalls: (valid: ValidCall, parameters: string[]) => Iterable<WrongCall>,
  ) => {
    const complaints: string[] = [];
    let count = 0, handled = 0;
    for (const { name, call, parameters } of functions) {
      for (const wrong of wrongCalls(calls[name], parameters)) {
        const { returned, complaint } = await outcomeOf(call, wrong);
        const isRight = returned && right.has(wrong.what);
        if (isRight) unusedNames.delete(right.get(wrong.what)!);
        count++;
        if (complaint === undefined && (!returned || isRight)) handled++;
        else if (!allowed.has(`${name}: ${wrong.what}`)) {
          complaints.push(`${name}: ${wrong.what}: ${complaint ?? "returns"}`);
        }
      }
    }
    assert.equal(complaints.join("\n"), "");
    assertCounted(`${what} of ${entry}`, count, handled);
  };

  Deno.test(`${entry}: every function answers wrong arguments with its own sentence`, async () => {
    await tryAll("wrong arguments", wrongKinds);
  });

  Deno.test(`${entry}: every function refuses wrong content, or its result is finite`, async () => {
    await tryAll("wrong content", wrongContent);
    tried.add(entry);
    assert.deepEqual(allowed.unused, [], "these are no exceptions any more");
  });
}

Deno.test("what is right after all is what some function takes", () => {
  // Of tests that were filtered it is not known.
  if (tried.size === entries.size) assert.deepEqual([...unusedNames], []);
});
