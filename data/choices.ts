/**
 * Makes `choices.json`: which choice of a similarity is worth what on which data, the numbers behind the
 * README's advice and notebooks 08 and 09:
 *
 *     deno run -A data/choices.ts [DATA…]
 *
 * `DATA` are names of `TRUTHS`, all of them by default, of which the others are kept as they are; or the
 * path of a zip file of MovieLens, for which the numbers are printed alone. It takes some minutes for each;
 * the digits are the same on every machine.
 */
import { knownTruth, TRUTHS } from "../lib/datasets/mod.ts";
import { neighborPrecision, sameClusterAuc } from "../lib/mod.ts";
import { bootstrapMean, rankingAccuracy } from "../lib/evaluation/mod.ts";
import {
  chanceOf,
  choiceRow,
  chosenSimilarity,
  neighborRanking,
  PLANE_CHOICES,
  prepareData,
  SIMILARITY_CHOICES,
  type SimilarityChoice,
  spectralRanking,
  splitTruth,
  tuneRanks,
  userRankings,
} from "../lib/remedies/mod.ts";

/** The ranks of Eq. 1 that are tried, where there are as many items, and all of them. */
const RANKS = [5, 10, 20, 50, 100, 200, 400, 800];

const path = new URL("choices.json", import.meta.url);
const names = Deno.args.length > 0 ? Deno.args : [...TRUTHS];
for (const name of names) {
  const measured = await measure(name);
  const known = existing();
  if (!TRUTHS.some((each) => each === name)) {
    console.log(JSON.stringify({ [name]: measured }, digits, 2));
    continue;
  }
  known[name] = measured;
  const ordered = Object.fromEntries(
    TRUTHS.flatMap((each) => known[each] ? [[each, known[each]]] : []),
  );
  Deno.writeTextFileSync(path, JSON.stringify(ordered, digits, 2) + "\n");
  console.log(`${name}: done`);
}

async function measure(name: string) {
  const truth = await knownTruth(name);
  const { interactions: x, kinds, reference } = truth;
  const { train, validation, test } = splitTruth(x);
  const tuned = tuneRanks(train, validation, {
    ranks: [...RANKS.filter((rank) => rank < x.items), ...(x.items > 2_000 ? [] : [x.items])],
  });
  const { denoising, weightDecay, denoisingByRank } = tuned;
  const popularity = Float64Array.from(tuned.gram.diag());
  const rows = Object.fromEntries(
    SIMILARITY_CHOICES.map((choice) => [
      choice,
      choiceRow(chosenSimilarity(choice, tuned), { kinds, test, reference, popularity }),
    ]),
  );
  const [main] = Object.values(kinds);
  const byRank = denoisingByRank.map(({ rank, lambda, accuracy, behind }) => {
    const { dot, cosine } = userRankings(tuned, test, { rank, lambda });
    return {
      rank,
      lambda,
      accuracy,
      behind,
      dot: dot.mean,
      cosine: Object.fromEntries(Object.entries(cosine).map(([key, { mean }]) => [key, mean])),
      choices: Object.fromEntries(
        Object.keys(PLANE_CHOICES).map((choice) => {
          const similarity = chosenSimilarity(choice as SimilarityChoice, tuned, { rank, lambda });
          const ranked = neighborRanking(similarity, test.given, test.heldOut);
          return [choice, {
            auc: sameClusterAuc(similarity, main.labels),
            precisionAt10: neighborPrecision(similarity, main.labels, 10),
            recommend: ranked.ndcgAt100.mean,
          }];
        }),
      ),
    };
  });
  const overUsers = (values: readonly number[]) => bootstrapMean(values, { seed: "users" });
  const predictions = spectralRanking(
    prepareData(train, "as it is"),
    tuned.svd,
    test.given,
    test.heldOut,
  );
  return {
    users: x.users,
    items: x.items,
    interactions: x.nonzeros,
    denoising: settings(denoising),
    weightDecay: settings(weightDecay),
    chance: Object.fromEntries(
      Object.entries(kinds).map(([kind, known]) => [kind, chanceOf(known)]),
    ),
    popularity: overUsers(
      rankingAccuracy((_, scores) => scores.set(popularity), test.given, test.heldOut)
        .ndcgAt100.values,
    ),
    ...userRankings(tuned, test),
    dotOfWeightDecay: overUsers(
      predictions(
        tuned.svd.sigma.map((sigma) => sigma > 0 ? Math.max(0, 1 - weightDecay.lambda / sigma) : 0),
      ).ndcgAt100.values,
    ),
    choices: rows,
    byRank,
  };
}

function settings({ rank, lambda, accuracy, tried }: typeof tuneRanks extends (
  ...args: never[]
) => { denoising: infer T } ? T
  : never) {
  return { rank, lambda, accuracy, tried };
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
