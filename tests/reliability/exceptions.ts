/** Calls that look wrong and are not refused, or refused in another way, and why. */
export interface Exception {
  entry: string;
  functions: string[];
  /** What is wrong with the call, as the test names it. */
  calls: string[];
  reason: string;
}

export const exceptions: Exception[] = [
  {
    entry: "cosine-lab",
    functions: ["cosineSimilarity"],
    calls: ["1 of 2 arguments", "f is undefined"],
    reason: "the second argument has a default: rows of e against rows of e",
  },
  {
    entry: "cosine-lab",
    functions: ["svdOfGram"],
    calls: ["1 of 2 arguments", "rank is undefined"],
    reason: "the rank has a default, the full rank",
  },
  {
    entry: "cosine-lab",
    functions: ["Interactions"],
    calls: ["1 of 2 arguments", "ids is undefined"],
    reason: "ids need not be known",
  },
  {
    entry: "cosine-lab",
    functions: ["denoisingEmbeddings", "weightDecayEmbeddings"],
    calls: ["options is an unknown object"],
    reason: "notebooks pass an object in which λ stands beside the SVD and the data it belongs to",
  },
  {
    entry: "cosine-lab",
    functions: ["itemAuc"],
    calls: ["labels has 1e200"],
    reason: "an item alone in its cluster has no AUC: NaN, as documented",
  },
  {
    entry: "cosine-lab/arbitrariness",
    functions: ["intervalSummary"],
    calls: ["quantiles is an empty array"],
    reason: "no quantiles are asked for",
  },
  {
    entry: "cosine-lab/audit",
    functions: ["auditSummary"],
    calls: ["1 of 2 arguments", "width is undefined"],
    reason: "the width has a default",
  },
  {
    entry: "cosine-lab/audit",
    functions: ["chooseCorrection"],
    calls: ["corrections is an empty array"],
    reason: "nothing but the vectors as they are is tried",
  },
  {
    entry: "cosine-lab/audit",
    functions: ["openEmbeddings"],
    calls: ["columns is an empty array"],
    reason: "no other columns are asked for",
  },
  {
    entry: "cosine-lab/datasets",
    functions: ["libraryEmbeddings"],
    calls: ["1 of 2 arguments", "items is undefined"],
    reason: "the order of the items has a default, that of the file",
  },
  {
    entry: "cosine-lab/evaluation",
    functions: ["ndcgAtK", "recallAtK"],
    calls: ["ranked is an empty array"],
    reason: "a ranking of nothing finds nothing: both are 0",
  },
  {
    entry: "cosine-lab/evaluation",
    functions: ["bootstrapMean"],
    calls: ["values has NaN"],
    reason: "NaN says that a user has no value, as documented",
  },
  {
    entry: "cosine-lab/evaluation",
    functions: ["withinClusterSimilarity"],
    calls: ["labels has 1e200"],
    reason: "an item alone in its cluster has no similarity within it: NaN, as documented",
  },
  {
    entry: "cosine-lab/notebook",
    functions: ["Picture#toPNG"],
    calls: ["1 of 2 arguments", "scale is undefined"],
    reason: "the scale has a default",
  },
  {
    entry: "cosine-lab/notebook",
    functions: ["formatError"],
    calls: ["1 of 2 arguments", "bound is undefined"],
    reason: "the bound has a default",
  },
  {
    entry: "cosine-lab/notebook",
    functions: ["table"],
    calls: ["1 of 2 arguments", "digits is undefined"],
    reason: "the digits have a default",
  },
  {
    entry: "cosine-lab/notebook",
    functions: ["table"],
    calls: ["rows[].value is Infinity"],
    reason: "a table shows any number",
  },
  {
    entry: "cosine-lab/remedies",
    functions: ["cooccurrenceCounts"],
    calls: ["1 of 2 arguments", "weighting is undefined"],
    reason: "the second argument has a default, counts of contexts",
  },
  {
    entry: "cosine-lab/remedies",
    functions: ["whitenItems"],
    calls: ["1 of 2 arguments", "weights is undefined"],
    reason: "the second argument has a default, equal weights",
  },
  {
    entry: "cosine-lab",
    functions: ["simulateInteractions"],
    calls: ["clusterProbabilities is null"],
    reason: "null is its default: they are drawn",
  },
];
