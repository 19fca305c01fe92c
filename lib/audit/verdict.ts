import type { AuditReport } from "./audit_report.ts";
import { thresholds } from "./thresholds.ts";

/**
 * What cosines of the embeddings are worth.
 *
 * - `"arbitrary"`: training left D free, so that cosines are a choice nobody made.
 * - `"regularization-dependent"`: unique, but set by how strongly each side was regularized.
 * - `"undetermined"`: one or the other, by what only the one who trained the model knows.
 * - `"no-warning"`: cosine is what the vectors were made for, or all that they hold.
 */
export type VerdictLevel =
  | "arbitrary"
  | "regularization-dependent"
  | "undetermined"
  | "no-warning";

/** The verdict of an audit, in plain words. */
export interface Verdict {
  level: VerdictLevel;
  /** Whether cosines should not be used as they are. */
  warning: boolean;
  /** The verdict in a sentence. */
  summary: string;
  /** What it rests on, with numbers; what only holds under a condition says so. */
  reasons: string[];
  /** What to do instead: the remedies of section 3 that apply. */
  remedies: string[];
  /** The thresholds that were used, with where they come from. */
  thresholds: { name: string; value: number; source: string }[];
}

type Findings = Omit<AuditReport, "verdict">;

/** Draws the conclusions from what an audit measured. */
export function verdictOf(findings: Findings): Verdict {
  const level = levelOf(findings);
  const stable = scalingAt(findings, 2).overlap >= thresholds.stable.value;
  const warning = level === "arbitrary" || level === "undetermined" && !stable;
  return {
    level,
    warning,
    summary: summaryOf(level, findings, stable),
    reasons: [...trainingReasons(findings), ...measuredReasons(findings)],
    remedies: remediesFor(level, findings),
    thresholds: Object.values(thresholds),
  };
}

function levelOf({ trained, norms, users }: Findings): VerdictLevel {
  const unit = norms.variation < thresholds.unitNorm.value;
  if (trained === "cosine") return "no-warning";
  if (trained === "product") return "arbitrary";
  const balanced = users === null ? null : users.imbalance < thresholds.balanced.value;
  if (trained === "factors") {
    return balanced === false ? "undetermined" : "regularization-dependent";
  }
  if (unit) return "no-warning";
  return balanced === true ? "regularization-dependent" : "undetermined";
}

/** The random D whose κ is nearest to the one given. */
export function scalingAt({ neighbors }: Findings, condition: number) {
  const distance = (other: number | null) => Math.abs(Math.log(other! / condition));
  return neighbors.filter(({ kind }) => kind === "scaling")
    .reduce((a, b) => distance(b.condition) < distance(a.condition) ? b : a);
}

function summaryOf(level: VerdictLevel, findings: Findings, stable: boolean): string {
  const { condition, overlap } = scalingAt(findings, 2);
  const lost = percent(1 - overlap);
  switch (level) {
    case "arbitrary":
      return `Do not trust these cosines: the model fits as well with every rescaling D of the ` +
        `coordinates, and a random one with κ = ${condition} replaces ${lost} of the nearest neighbors.`;
    case "regularization-dependent":
      return "These cosines are unique, but they depend on the regularization: another λ gives " +
        "other neighbors, and nothing says that this one is right.";
    case "undetermined":
      return stable
        ? `Vectors alone do not tell whether a rescaling D of the coordinates is free; but ` +
          `neighbors hardly depend on it: one with κ = ${condition} replaces ${lost} of them.`
        : `Do not trust these cosines before you know how the model was trained: if nothing but ` +
          `dot products was fitted, they are arbitrary, and a rescaling D with κ = ${condition} ` +
          `replaces ${lost} of the nearest neighbors.`;
    case "no-warning":
      return findings.trained === "cosine"
        ? "Cosine is what these vectors were trained for: no warning."
        : "No warning: all vectors have one norm, so that cosine is the dot product, and a D " +
          "would not leave it so. It holds if the model itself normalizes them; if they were " +
          "normalized after training on dot products, the choice of D came before.";
  }
}

function trainingReasons({ trained, norms, users, anisotropy }: Findings): string[] {
  const reasons: string[] = [];
  const unit = norms.variation < thresholds.unitNorm.value;
  if (trained === "product") {
    reasons.push(
      "Declared: trained on dot products, without a penalty on either side alone. AD and BD⁻¹ " +
        "make the same predictions at the same loss for every D (section 2.1)." +
        (unit ? " That the vectors have one norm is then a step after training." : ""),
    );
  } else if (trained === "factors") {
    reasons.push(
      "Declared: trained with weight decay on both sides. That fixes D (section 2.3), by the " +
        "strength of the decay.",
    );
  } else if (trained === "cosine") {
    reasons.push(
      "Declared: trained on cosines. A D would change them, and with them the loss: it is not free.",
    );
  } else {
    reasons.push(
      "How the model was trained was not said. If on dot products without weight decay on each " +
        "side (Eq. 1, dropout, denoising): D is free, and the figures below for D apply. If with " +
        "weight decay on both sides (Eq. 2): D is fixed by λ. If on cosines: D is not free.",
    );
  }
  if (users !== null) {
    const imbalance = users.imbalance.toPrecision(2);
    reasons.push(
      users.imbalance < thresholds.balanced.value
        ? `Users and items are balanced (imbalance ${imbalance}): as weight decay on both sides ` +
          "leaves them (Eq. 2), or training from a small start."
        : `Users and items are out of balance (imbalance ${imbalance}): no model with weight decay ` +
          "on both sides alone that has converged looks so. The D that balances them has κ = " +
          `${rounded(users.condition)}.`,
    );
  }
  if (anisotropy.zeroCoordinates > 0) {
    reasons.push(
      `${anisotropy.zeroCoordinates} coordinates are zero throughout, as Eq. 2 leaves those with ` +
        "σ ≤ λ. Eq. 1 leaves none.",
    );
  }
  return reasons;
}

function measuredReasons(findings: Findings): string[] {
  const { norms, neighbors, anisotropy, intervals, labels, popularity, zeroRows } = findings;
  const reasons: string[] = [];
  const free = findings.trained !== "cosine" && norms.variation >= thresholds.unitNorm.value;
  const dot = neighbors.find(({ kind }) => kind === "measure")!.overlap;
  if (free) {
    const spectrum = neighbors.filter(({ kind }) => kind === "spectrum");
    const least = spectrum.reduce((a, b) => a.overlap < b.overlap ? a : b);
    reasons.push(
      `The ${least.change} (κ = ${rounded(least.condition!)}), a choice as good as the one ` +
        `that was made if D is free, leaves ${percent(least.overlap)} of the nearest neighbors.`,
    );
    const { condition, flippable, width } = intervals.reduce((a, b) =>
      Math.abs(Math.log(b.condition / 2)) < Math.abs(Math.log(a.condition / 2)) ? b : a
    );
    reasons.push(
      `Over all D with κ = ${condition}, half of the cosines can be moved by ` +
        `${width.p50.toFixed(2)} or more, and ${percent(flippable)} can be given either sign.`,
    );
  }
  if (labels !== null) {
    const { condition, worst, best } = labels.extremes;
    reasons.push(
      `With the labels, cosines have AUC ${labels.changes[0].auc.toFixed(3)}` +
        (free
          ? `; some D with κ = ${condition} gives ${worst.toFixed(3)}, and another ${
            best.toFixed(3)
          }.`
          : "."),
    );
  }
  if (norms.variation >= thresholds.unitNorm.value) {
    const change = percent(1 - dot);
    reasons.push(
      `Norms vary by ${percent(norms.variation)} of their mean; dividing them out replaces ` +
        `${change} of the nearest neighbors by dot product.`,
    );
  }
  const correlation = popularity?.normCorrelation ?? 0;
  if (Math.abs(correlation) >= thresholds.popularity.value) {
    reasons.push(
      `Norms go with popularity (rank correlation ${correlation.toFixed(2)}): cosine drops what ` +
        "they say of it.",
    );
  }
  if (anisotropy.meanCosine >= thresholds.anisotropy.value) {
    reasons.push(
      `Random pairs have a mean cosine of ${
        anisotropy.meanCosine.toFixed(2)
      }: the vectors share a ` +
        "direction, and a cosine says little without knowing that.",
    );
  }
  if (zeroRows > 0) {
    reasons.push(`${zeroRows} rows are zero: they have no direction, and no neighbors.`);
  }
  return reasons;
}

function remediesFor(level: VerdictLevel, { popularity, users, norms }: Findings): string[] {
  const remedies: string[] = [];
  if (level === "arbitrary" || level === "undetermined") {
    remedies.push(
      "Compare in the original space: items by the columns of XABᵀ, users by its rows " +
        "(originalSpaceItems, originalSpaceUsers). No D changes them, and nothing is trained." +
        (users === null ? " It takes the users' embeddings, or A." : ""),
      "Or train again: with weight decay on both sides (weightDecayEmbeddings), which fixes D by " +
        "its strength, or on cosines (trainNormalized), which leaves D no freedom. Notebook 04 " +
        "compares them.",
    );
  }
  if (level === "regularization-dependent") {
    remedies.push(
      "Train with several λ, and use neighbors that do not depend on it; or compare in the " +
        "original space, by the columns of XABᵀ (originalSpaceItems).",
    );
  }
  if (
    norms.variation >= thresholds.unitNorm.value &&
    Math.abs(popularity?.normCorrelation ?? 0) >= thresholds.popularity.value
  ) {
    remedies.push(
      "Reduce the popularity bias before or while training, not after: standardize the columns " +
        "of X (standardizedGram), weight by inverse propensity (inversePropensityScaling), or sample " +
        "negatives by popularity to the power of 3/4 (trainSkipGram). None of them fixes D.",
    );
  }
  return remedies;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.01 ? 1 : 0)} %`;
}
