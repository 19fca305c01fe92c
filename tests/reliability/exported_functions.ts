/** Something that an entry of the library exports and that can be called. */
export interface Exported {
  /** `name`; of a class also `Class.static` and `Class#method`. */
  name: string;
  /** Calls it; a method's first argument is the object that it is called on. */
  call: (...args: unknown[]) => unknown;
  /** What its source calls the arguments. */
  parameters: string[];
}

/** Programs run where they are imported. */
const PROGRAMS = ["./audit/command"];

/** What can be called of every entry in deno.json, by entry. */
export async function exportedFunctions(): Promise<Map<string, Exported[]>> {
  const { exports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  const entries = new Map<string, Exported[]>();
  for (const [path, source] of Object.entries<string>(exports)) {
    if (PROGRAMS.includes(path)) continue;
    const module = await import(new URL(`../../${source}`, import.meta.url).href);
    const functions = Object.entries(module).filter(([, value]) => typeof value === "function");
    entries.set(
      `cosine-lab${path.slice(1)}`,
      // deno-lint-ignore ban-types -- any function that a module exports
      functions.flatMap(([name, value]) => callables(name, value as Function)),
    );
  }
  return entries;
}

// deno-lint-ignore ban-types -- any function that a module exports
function callables(name: string, value: Function): Exported[] {
  const source = String(value);
  if (!source.startsWith("class")) {
    return [{ name, call: (...args) => value(...args), parameters: parametersOf(source) }];
  }
  // Nobody makes an error but to throw it.
  if (value.prototype instanceof Error) return [];
  const construct = Reflect.construct.bind(null, value);
  return [
    {
      name,
      call: (...args) => construct(args),
      parameters: parametersOf(source.slice(source.search(/\bconstructor\(/))),
    },
    ...methodsOf(value).map(([key, method]) => ({
      name: `${name}.${key}`,
      call: (...args: unknown[]) => method.apply(value, args),
      parameters: parametersOf(String(method)),
    })),
    ...methodsOf(value.prototype).map(([key, method]) => ({
      name: `${name}#${key}`,
      call: (self: unknown, ...args: unknown[]) => method.apply(self, args),
      parameters: ["this", ...parametersOf(String(method))],
    })),
  ];
}

// deno-lint-ignore ban-types -- any function of a class
function methodsOf(owner: object): [string, Function][] {
  return Object.entries(Object.getOwnPropertyDescriptors(owner))
    .filter(([key, { value }]) => key !== "constructor" && typeof value === "function")
    .map(([key, { value }]) => [key, value]);
}

/** The names of a function's parameters; "options" where one is taken apart. */
function parametersOf(source: string): string[] {
  const names: string[] = [];
  let depth = 0, start = source.indexOf("(") + 1;
  for (let place = start; depth >= 0; place++) {
    if ("([{".includes(source[place])) depth++;
    if (")]}".includes(source[place])) depth--;
    if (depth > 0 || depth === 0 && source[place] !== ",") continue;
    const text = source.slice(start, place).trim().replace(/^\.\.\./, "");
    if (text !== "") names.push(text.match(/^[\w$]+/)?.[0] ?? "options");
    start = place + 1;
  }
  return names;
}
