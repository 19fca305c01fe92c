/**
 * Makes `choices.json`: which choice of a similarity is worth what on which data, the numbers behind the
 * README's advice and notebooks 04, 08 and 09:
 *
 *     deno run -A data/make_choices.ts [DATA…]
 *
 * `DATA` are names of `TRUTHS`, all of them by default; the numbers of others are kept as they are. What is
 * measured is kept in `data/cache/choices/` until the numbers of its data are whole, so a run that was ended
 * goes on with the part that it was at. Or `DATA` is the path of a folder or zip file of MovieLens, for
 * which the numbers are printed alone. The digits are the same on every machine.
 */
import { dirname } from "node:path";
import process from "node:process";
import { knownTruth, TRUTHS } from "../lib/datasets/mod.ts";
import { measureChoices } from "../lib/remedies/mod.ts";

/** The ranks of Eq. 1 that are tried, where there are so many items, and all of them. */
const RANKS = [5, 10, 20, 50, 100, 200, 400, 800, 1600, 2000];

const path = new URL("choices.json", import.meta.url);
const names = Deno.args.length > 0 ? Deno.args : [...TRUTHS];
for (const name of names) {
  const truth = await knownTruth(name);
  const { items } = truth.interactions;
  const before = process.cpuUsage();
  const onProgress = (done: number, total: number) => {
    const { user, system } = process.cpuUsage(before);
    const minutes = ((user + system) / 6e7).toFixed(1);
    console.error(`${name}: ${done} of ${total} splits, ${minutes} minutes of one core`);
  };
  const ranks = [...RANKS.filter((rank) => rank < items), items];
  if (!TRUTHS.some((each) => each === name)) {
    console.log(format({ [name]: measureChoices(truth, { ranks, onProgress }) }));
    continue;
  }
  const kept = new URL(`cache/choices/${name}.json`, path);
  const remember = <T>(part: string, measure: () => T): T => {
    const parts: Record<string, T> = read(kept);
    if (part in parts) return parts[part];
    const measured = measure();
    write(kept, JSON.stringify({ ...parts, [part]: measured }));
    console.error(`${name}: ${part}`);
    return measured;
  };
  const known = { ...read(path), [name]: measureChoices(truth, { ranks, remember, onProgress }) };
  const ordered = TRUTHS.flatMap((each) => known[each] ? [[each, known[each]]] : []);
  write(path, format(Object.fromEntries(ordered)) + "\n");
  Deno.removeSync(kept);
}

// deno-lint-ignore no-explicit-any -- JSON
function read(url: URL): Record<string, any> {
  try {
    return JSON.parse(Deno.readTextFileSync(url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

function write(url: URL, text: string): void {
  Deno.mkdirSync(dirname(url.pathname), { recursive: true });
  Deno.writeTextFileSync(url, text);
}

/** JSON with an object of numbers on one line, where it fits in. */
function format(value: unknown): string {
  return JSON.stringify(value, digits, 2).replace(
    /^(.*)\{\n\s+([^{}[\]]*?)\n\s*\}(,?)$/gm,
    (lines, before: string, numbers: string, after: string) => {
      const line = `${before}{ ${numbers.replace(/\n\s+/g, " ")} }${after}`;
      return line.length > 100 ? lines : line;
    },
  );
}

/** Five significant digits are more than any interval warrants; λ is what the others follow from. */
function digits(key: string, value: unknown): unknown {
  const exact = typeof value !== "number" || Number.isInteger(value) || key === "lambda";
  return exact ? value : Number(value.toPrecision(5));
}
