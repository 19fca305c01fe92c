/**
 * Makes `choices.json`: which choice of a similarity is worth what on which data, the numbers behind the
 * README's advice and notebooks 08 and 09:
 *
 *     deno run -A data/choices.ts [DATA…]
 *
 * `DATA` are names of `TRUTHS`, all of them by default, of which the others are kept as they are; or the
 * path of a folder or zip file of MovieLens, for which the numbers are printed alone. It takes some
 * minutes for each; the digits are the same on every machine.
 */
import { knownTruth, TRUTHS } from "../lib/datasets/mod.ts";
import { measureChoices } from "../lib/remedies/mod.ts";

/** The ranks of Eq. 1 that are tried, where there are so many items, and all of them. */
const RANKS = [5, 10, 20, 50, 100, 200, 400, 800, 1600, 2000];

/** How many splits of the users there are; on words a second takes a quarter of an hour. */
const splitsOf = (name: string) => name === "words" ? 1 : 3;

const path = new URL("choices.json", import.meta.url);
const names = Deno.args.length > 0 ? Deno.args : [...TRUTHS];
for (const name of names) {
  const truth = await knownTruth(name);
  const { items } = truth.interactions;
  const ranks = [...RANKS.filter((rank) => rank < items), items];
  const onProgress = (done: number, total: number) =>
    console.error(`${name}: ${done} of ${total} splits`);
  // To swap the simulation's seven million interactions takes as long as all the rest.
  const extras = name !== "simulation";
  const measured = measureChoices(truth, { ranks, splits: splitsOf(name), extras, onProgress });
  if (!TRUTHS.some((each) => each === name)) {
    console.log(JSON.stringify({ [name]: measured }, digits, 2));
    continue;
  }
  const known: Record<string, unknown> = { ...existing(), [name]: measured };
  const ordered = TRUTHS.flatMap((each) => known[each] ? [[each, known[each]]] : []);
  Deno.writeTextFileSync(path, JSON.stringify(Object.fromEntries(ordered), digits, 2) + "\n");
}

function existing(): Record<string, unknown> {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** Five significant digits are more than any interval warrants; λ is what the others follow from. */
function digits(key: string, value: unknown): unknown {
  const exact = typeof value !== "number" || Number.isInteger(value) || key === "lambda";
  return exact ? value : Number(value.toPrecision(5));
}
