import type { ValidCall } from "./valid_calls/valid_call.ts";
import type { WrongCall } from "./wrong_call.ts";

/** What is wrong wherever a valid value is of another kind, by the name it has in a report. */
const wrongValues: Record<string, unknown> = {
  "undefined": undefined,
  "null": null,
  "true": true,
  "a number": 5,
  "a bigint": 5n,
  "a string": "text",
  "NaN": NaN,
  "an empty array": [],
  "an unknown object": { unknownOption: 1 },
};

/** The calls with an argument too few, or of another kind than it should be. */
export function* wrongKinds(
  { args, options }: ValidCall,
  parameters: string[],
): Generator<WrongCall> {
  const all = options === undefined ? args : [...args, options];
  for (let count = parameters[0] === "this" ? 1 : 0; count < args.length; count++) {
    yield { what: `${count} of ${all.length} arguments`, args: args.slice(0, count) };
  }
  for (const [position, valid] of all.entries()) {
    if (parameters[position] === "this") continue;
    const isOptions = options !== undefined && position === args.length;
    for (const [kind, wrong] of Object.entries(wrongValues)) {
      // A default may stand for options; and one number or text is as good as another.
      if (isOptions && wrong === undefined || isOfKind(wrong, valid)) continue;
      const value = isOptions && kind === "an unknown object"
        ? { ...options, ...wrong as object }
        : wrong;
      yield { what: `${parameters[position]} is ${kind}`, args: all.with(position, value) };
    }
  }
  for (const [name, valid] of Object.entries(options ?? {})) {
    for (const [kind, wrong] of Object.entries(wrongValues)) {
      if (wrong === undefined || isOfKind(wrong, valid)) continue;
      yield { what: `${name} is ${kind}`, args: [...args, { ...options, [name]: wrong }] };
    }
  }
}

function isOfKind(wrong: unknown, valid: unknown): boolean {
  return typeof wrong === typeof valid && typeof wrong !== "object" && !Number.isNaN(wrong);
}
