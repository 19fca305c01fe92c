import { log } from "../../elementary/log.ts";
import type { Findings } from "../findings.ts";
import { balanced, type VerdictFlag } from "./flags.ts";
import { memberAt } from "./member_at.ts";
import { counted, decimal, listed, percent, percentWithin, rounded } from "./wording.ts";

/** What was measured, in sentences: those that matter. */
export function measurementsOf(findings: Findings, flags: readonly VerdictFlag[]): string[] {
  return [
    noise,
    freedom,
    rogue,
    anisotropic,
    norms,
    popular,
    hubs,
    sides,
    labeled,
    queried,
    stored,
    odd,
  ].flatMap((sentences) => sentences(findings, flags));
}

type Sentences = (findings: Findings, flags: readonly VerdictFlag[]) => string[];

const noise: Sentences = ({ noise: { noise, rows, fromUniform, fromShuffled, limit } }) => {
  const distance = rounded(Math.min(fromUniform, fromShuffled ?? Infinity));
  return [
    noise
      ? `The cosines of ${counted(rows, "item")} are ${distance} standard errors from those of ` +
        `random vectors (up to ${limit} is chance).`
      : `The cosines are not noise: ${distance} standard errors from those of random vectors.`,
  ];
};

const freedom: Sentences = (findings) => {
  const mild = memberAt(findings, 2), strong = memberAt(findings, 10);
  if (mild === null) return [];
  const { attainable } = findings;
  const worst = attainable.reduce((a, b) =>
    Math.abs(log(b.condition / 2)) < Math.abs(log(a.condition / 2)) ? b : a
  );
  return [
    `At random: equally good models whose axes are stretched up to ${mild.condition} times keep ` +
    `${percentWithin(mild.overlap, mild.error)} of the nearest neighbors` +
    (strong === mild
      ? "."
      : `, up to ${strong!.condition} times ${percentWithin(strong!.overlap, strong!.error)}.`),
    `At worst, each pair on its own: half of the cosines can be moved by ` +
    `${decimal(worst.width.p50)} or more (up to ${worst.condition} times), and ` +
    `${percent(worst.flippable)} can be given either sign.`,
  ];
};

const rogue: Sentences = ({ rogueCoordinates: { coordinates, total }, dimensions }) =>
  coordinates.length === 0 ? [] : [
    `${counted(coordinates.length, "coordinate")} of ${dimensions} (${listed(coordinates)}, ` +
    `counted from 0) ${coordinates.length === 1 ? "holds" : "hold"} ${percent(total)} of what ` +
    "cosines are made of: the others hardly count.",
  ];

const anisotropic: Sentences = ({ anisotropy: a, isoScoreRange, dimensions }, flags) => {
  const range = isoScoreRange === null
    ? ""
    : `; ${rounded(isoScoreRange.min)} to ${rounded(isoScoreRange.max)} in equally good models`;
  return [
    flags.includes("anisotropic")
      ? `Random pairs have a mean cosine of ${decimal(a.meanCosine)}: the vectors share a ` +
        "direction, and a cosine says little without knowing that."
      : `Random pairs have a mean cosine of ${decimal(a.meanCosine)}.`,
    `About ${rounded(a.effectiveDimensions)} of ${dimensions} dimensions count; the top 3 ` +
    `directions hold ${percent(a.topDirections[1])} of the variance (IsoScore ` +
    `${rounded(a.isoScore)}${range}).`,
  ];
};

const norms: Sentences = ({ norms, neighbors }, flags) => {
  if (flags.includes("unit-norm")) {
    return [`All vectors have one norm, within ${percent(norms.variation)}.`];
  }
  const { overlap, error } = neighbors.find(({ kind }) => kind === "measure")!;
  return [
    `Norms vary by ${percent(norms.variation)} of their mean; nearest neighbors by cosine and by ` +
    `dot product have ${percentWithin(overlap, error)} in common.`,
  ];
};

const popular: Sentences = ({ popularity }, flags) => {
  const correlation = popularity?.normCorrelation;
  if (correlation == null) return [];
  return [
    flags.includes("popularity")
      ? `Norms go with popularity (rank correlation ${decimal(correlation)}): cosine drops what ` +
        "they say of it."
      : `Norms and popularity have a rank correlation of ${decimal(correlation)}.`,
  ];
};

const hubs: Sentences = ({ hubness: { items, largest, skewness, range } }, flags) => {
  if (!flags.includes("hubs")) return [];
  return [
    `A few items are neighbors of very many: one of ${percent(largest)} of ${items} items ` +
    `(skewness ${decimal(skewness, 1)}` +
    (range === null
      ? ")."
      : `; ${decimal(range.min, 1)} to ${decimal(range.max, 1)} in equally good models).`),
  ];
};

const sides: Sentences = ({ users, trained }) => {
  if (users === null) return [];
  const { imbalance, weightedImbalance, consistentAsPart } = users;
  const weighted = weightedImbalance === null
    ? ""
    : `, ${rounded(weightedImbalance)} once counts weigh them`;
  const measured = `imbalance ${rounded(imbalance)}${weighted}`;
  if (balanced(users)) {
    return [
      `Users and items balance (${measured}): consistent with decay on both sides, and not a ` +
      "proof of it.",
    ];
  }
  if (consistentAsPart) {
    return [
      `Users and items do not balance as they are (${measured}), but no direction has more of the ` +
      "users than of the items: consistent with decay on both sides if these are a part of the users.",
    ];
  }
  return [
    `Users and items do not balance (${measured}). If these are all users and the decay had no ` +
    "other weights, a model with decay on both sides would" +
    (trained === "factors" ? "; if not, this is consistent with decay on both sides." : "."),
  ];
};

const labeled: Sentences = ({ labels }) => {
  if (labels === null) return [];
  const { changes, extremes, chance } = labels;
  const bounds = extremes === null
    ? ""
    : ` Among models whose axes are stretched up to ${extremes.condition} times, a search found ` +
      `${decimal(extremes.worst, 3)} and ${decimal(extremes.best, 3)}.`;
  return [
    `With the labels, cosines have AUC ${decimal(changes[0].auc, 3)}, and ` +
    `${percent(changes[0].precision)} of the nearest neighbors have the item's own (chance ` +
    `${percent(chance)}).${bounds}`,
  ];
};

const queried: Sentences = ({ queries, sample }) => {
  if (queries === null) return [];
  const { overlap, ndcg, memberOverlap } = queries;
  const both = (estimate: { value: number; error: number }) =>
    `${decimal(estimate.value, 3)} (± ${(1.96 * estimate.error).toFixed(3)})`;
  return [
    `Of the ${sample.neighbors} items nearest to a query by dot product, cosine finds ` +
    `${percentWithin(overlap.value, overlap.error)}` +
    (memberOverlap === null
      ? "."
      : `, and that of an equally good model ${
        percentWithin(memberOverlap.value, memberOverlap.error)
      }.`),
    ...(ndcg === null ? [] : [
      `NDCG: ${both(ndcg.dot)} by dot product, ${both(ndcg.cosine)} by cosine` +
      (ndcg.member === null ? "." : `, ${both(ndcg.member)} by that of an equally good model.`),
    ]),
  ];
};

const stored: Sentences = ({ neighbors, quantization }) => {
  const { overlap, error } = neighbors.find(({ kind }) => kind === "storage")!;
  return [
    quantization === null
      ? `Stored in 8 bits, ${percentWithin(overlap, error)} of the nearest neighbors would stay.`
      : `The numbers have been rounded to 8 bits or fewer (${quantization}): finer differences ` +
        "are gone.",
  ];
};

const odd: Sentences = ({ zeroRows, duplicates: { repeated, largest } }) => [
  ...(zeroRows === 0 ? [] : [
    `${counted(zeroRows, "row is", "rows are")} zero: no direction, and no neighbors.`,
  ]),
  ...(repeated === 0 ? [] : [
    `${
      counted(repeated, "row repeats", "rows repeat")
    } another exactly (up to ${largest} are the ` +
    "same): they are each other's nearest neighbors, at cosine 1.",
  ]),
];
