/** Content that looks wrong where nothing is known of an argument, and is right by what it means. */
export interface RightAfterAll {
  /** The arguments, options and their parts, as the generator names them. */
  of: string[];
  content: string[];
  reason: string;
}

/** What may be taken, if the result is finite; most functions that take less say so. */
export const rightAfterAll: RightAfterAll[] = [
  right(
    "share rate dropout scalings mixtures rotations translations directions digits retries",
    "is 0",
    "none of it",
  ),
  right("user item minimumCount minimumCount.user minimumCount.item", "is 0", "no minimum"),
  right("i layer", "is 0", "the first"),
  right(
    "lambda denoising weightDecay tolerance error bound",
    "is 0, is 1.5, is 5e9, is 2^53, is 1e300",
    "any size, and nothing",
  ),
  right(
    "learningRate memory shift start",
    "is 1.5, is 5e9, is 2^53, is 1e300",
    "any size above 0; what diverges says so",
  ),
  right("startScale startBalance", "is 1.5, is 5e9, is 2^53", "any size above 0"),
  right(
    "condition",
    "is 1.5, is 5e9, is 2^53, is 1e300, is Infinity",
    "κ is at least 1, and Infinity no bound; where D is drawn or searched for it is bounded",
  ),
  right("deviation", "is 0, is 1.5, is 5e9, is 2^53, is 1e300", "any size"),
  right("patience", "is Infinity", "never stop early"),
  right(
    "exponent itemExponent sigma dMat smoothing noiseExponent threshold",
    "is -1, is 0, is 1.5",
    "an exponent of either sign, or a threshold",
  ),
  right(
    "userExponent",
    "is -1, is 0, is 1.5, is 5e9, is 2^53, is 1e300",
    "an exponent that shares are computed with",
  ),
  right(
    "neighbors sample k batchSize resolution columns every",
    "is 5e9",
    "at most as many as there are are taken",
  ),
  right("items", "is 5e9", "all of them are drawn"),
  right("retries", "is 5e9", "rounds, of which a server that answers needs one"),
  right("wait", "is 0, is 1.5", "milliseconds"),
  right("timeout scale", "is 1.5", "milliseconds, and a scale"),
  right(
    "correction.shrinkage correction.fittedOn",
    "is -1, is 0, is 1.5, is 5e9, is 2^53, is 1e300, is Infinity",
    "says how it was fitted, and is not computed with",
  ),
  right(
    "rows[].value",
    "is -1, is 0, is 1.5, is 5e9, is 2^53, is 1e300",
    "a table shows any number",
  ),
  right(
    "ids.users[] ids.items[] labels[] correction.correction rows[].model columns[]",
    "is another word, is an empty text",
    "a name, or what is looked for and not there",
  ),
  right(
    "table columns.user columns.item columns.value",
    "is another word",
    "the query is for any table",
  ),
  right("score accuracy", "gives 0, gives 1", "everything may be equally good"),
  right(
    "x train",
    "has -1, lacks a row, has a row more",
    "ratings may be negative, and users any number",
  ),
  right(
    "x",
    "lacks a column, has a column more, is one short, is one long",
    "items any number, where nothing else is of them",
  ),
  right(
    "given heldOut users.given users.heldOut validation.given validation.heldOut",
    "has -1",
    "what counts is that it is there, or what it weighs",
  ),
  right(
    "B b e",
    "lacks a row, has a row more, lacks a column, has a column more",
    "rows of any number and length, where nothing else is of them",
  ),
  right("f queries users items svd.V", "lacks a row, has a row more", "rows of any number"),
  right("a W", "lacks a column, has a column more", "vectors of any length"),
  right(
    "B b e f a s t g queries users items similarity panels[].similarity similarities[] cosines[]",
    "has 1e200",
    "scaled before squares are taken, or compared only",
  ),
  right(
    "d c svd.sigma rows.values counts intervals.min intervals.max popularity weights userCounts pairs.weights lambdas correction.mean correction.matrix[]",
    "has 1e200",
    "does not overflow there, or is refused where it does",
  ),
  right(
    "labels clusters evidence.labels values others x[] ids idsOfA idsOfB",
    "has 1e200",
    "a name, a rank or an entry",
  ),
  right(
    "x[] popularity c correction.matrix[] ids idsOfA idsOfB items",
    "has -1, has 0.5, has 1e9",
    "any numbers, in any unit",
  ),
  right(
    "svd.sigma counts weights userCounts pairs.weights spectrum data.scale lambdas",
    "has 0.5, has 1e9",
    "any sizes",
  ),
  right("conditions", "has 1e9", "any κ above 1"),
  right("quantiles", "has 0.5", "a share"),
  right("alphas", "has -1, has 0.5", "exponents"),
  right("ranked relevant", "has 1e9", "how many items there are is not known there"),
  right("items", "has 1e200", "names of items"),
  right(
    "labels users values quantiles cosines corrections columns ranked",
    "is one short, is one long",
    "a list of any length",
  ),
  right("items", "is one short", "some of the items"),
  right("ranked", "is empty", "a ranking of nothing finds nothing"),
  right("panels rows lambdas conditions alphas df.columns", "is one long", "one more"),
  right(
    "clusterProbabilities itemExponent",
    "has 0.5, has 1e9, has 1e200",
    "weights that are made relative, and a largest exponent",
  ),
  right(
    "clusterConcentration preferenceConcentration",
    "is 1.5",
    "a parameter of a Dirichlet distribution, above 0",
  ),
  right("x", "has 1e200", "singular values are computed of what is divided by a power of two"),
];

/** Names with spaces between them, contents with commas. */
function right(of: string, content: string, reason: string): RightAfterAll {
  return { of: of.split(" "), content: content.split(", "), reason };
}
