/** Calls that look wrong by their kind and are not refused, and why. */
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
    functions: ["cosineSimilarity", "svdOfGram"],
    calls: ["1 of 2 arguments", "argument 2 is undefined"],
    reason: "the second argument has a default: rows of e against rows of e, and the full rank",
  },
  {
    entry: "cosine-lab",
    functions: ["denoisingEmbeddings", "weightDecayEmbeddings"],
    calls: ["argument 2 is an unknown object"],
    reason: "notebooks pass an object in which λ stands beside the SVD and the data it belongs to",
  },
  {
    entry: "cosine-lab/evaluation",
    functions: ["ndcgAtK", "recallAtK"],
    calls: ["argument 1 is an empty array"],
    reason: "a ranking of nothing finds nothing: both are 0",
  },
  {
    entry: "cosine-lab/remedies",
    functions: ["cooccurrenceCounts"],
    calls: ["1 of 2 arguments", "argument 2 is undefined"],
    reason: "the second argument has a default, counts of contexts",
  },
  {
    entry: "cosine-lab/remedies",
    functions: ["whitenItems"],
    calls: ["1 of 2 arguments", "argument 2 is undefined"],
    reason: "the second argument has a default, equal weights",
  },
];
