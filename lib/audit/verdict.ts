import { correctionName, CORRECTIONS } from "./fix/corrections.ts";
import { followsFrom } from "./measures/free_group.ts";
import {
  type Findings,
  flagsOf,
  RULES,
  sentencesOf,
  THRESHOLDS,
  type VerdictFlag,
} from "./measures/measures.ts";
import {
  type ChangeKey,
  counted,
  decimal,
  percent,
  percentWithin,
  type Threshold,
} from "./measures/measure.ts";
import { memberAt, neighborsMeasure } from "./measures/neighbors.ts";
import { balanced } from "./measures/users.ts";

/** The verdict of an audit, in plain words. */
export interface Verdict {
  level: VerdictLevel;
  flags: VerdictFlag[];
  /** The verdict in a sentence or two, without theory. */
  headline: string;
  /** Whether the file is whole: what was found of it before all theory. */
  file: string[];
  /** What theory says, in words and numbers. */
  theory: Theory;
  /** What follows from how the model was trained, as declared. */
  declared: string[];
  /** What was measured, whatever was declared. */
  measured: string[];
  /** What neither the vectors nor the declaration can tell. */
  unknown: string[];
  /** Corrections that what was measured gives a reason to try. */
  corrections: Suggestion[];
  /** What to do next. */
  advice: string[];
  /** Where lines were drawn, and why there. */
  thresholds: Threshold[];
}

/** Draws the conclusions from what an audit measured. */
export function verdictOf(findings: Findings): Verdict {
  const flags = flagsOf(findings);
  const level = levelOf(findings, flags);
  const corrections = suggestionsOf(findings, level, flags);
  return {
    level,
    flags,
    headline: headlineOf(findings, level, flags),
    file: sentencesOf("file", findings, flags),
    theory: theoryOf(findings),
    declared: followsFrom(findings.trained, findings.biases),
    measured: sentencesOf("vectors", findings, flags),
    unknown: unknownsOf(findings, level, flags),
    corrections,
    advice: adviceOf(findings, level, flags, corrections),
    thresholds: [ITEMS, ...THRESHOLDS],
  };
}

/** Fewer different vectors say nothing. */
const ITEMS: Threshold = {
  name: "below this many different items, nothing is said",
  value: 50,
  source: "our choice: five times the ten neighbors that are compared",
};

/**
 * What cosines of the embeddings are worth.
 *
 * - `"data-fault"`: the file is not what it should be; nothing else counts before that is mended.
 * - `"too-small"`: too few different items to say anything.
 * - `"noise"`: the cosines cannot be told from those of random vectors.
 * - `"arbitrary"`: as declared, training left them open: they are a choice nobody made.
 * - `"undetermined"`: nothing was declared, and vectors do not tell how they were trained.
 * - `"regularization-dependent"`: as declared, set by how strongly each side was regularized.
 * - `"flagged"`: as declared nothing is free, but a flag says that cosines should not be used as
 *   they are.
 * - `"no-warning"`: as declared, cosine is what the vectors were trained for.
 */
export type VerdictLevel = typeof LEVELS[number];

/** All levels, the most limiting first. */
export const LEVELS = [
  "data-fault",
  "too-small",
  "noise",
  "arbitrary",
  "undetermined",
  "regularization-dependent",
  "flagged",
  "no-warning",
] as const;

/** What the declaration says, unless the file is at fault or too little to say anything about. */
function levelOf(findings: Findings, flags: readonly VerdictFlag[]): VerdictLevel {
  const { duplicates, dimensions, noise, trained } = findings;
  if (flags.some((flag) => RULES[flag].kind === "fault")) return "data-fault";
  if (duplicates.distinct < ITEMS.value || dimensions < 2) return "too-small";
  if (noise.noise && !labelsTell(findings)) return "noise";
  switch (trained) {
    case "product":
    case "softmax":
    case "sum":
      return "arbitrary";
    case "factors":
      return "regularization-dependent";
    case "cosine":
      return flags.some((flag) => RULES[flag].kind === "serious") ? "flagged" : "no-warning";
    case "unknown":
      return "undetermined";
  }
}

/** Whether neighbors share their labels more often than chance explains: then cosines are no noise. */
function labelsTell({ labels, sample, noise }: Findings): boolean {
  if (labels === null) return false;
  const { chance, changes } = labels;
  const error = Math.sqrt(chance * (1 - chance) / sample.anchors);
  return changes[0].precision - chance > noise.limit * error;
}

/** The verdict in a sentence or two, for someone who knows none of the theory. */
function headlineOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
): string {
  const said = (kind: "fault" | "serious") =>
    flags.filter((flag) => RULES[flag].kind === kind).map((flag) =>
      RULES[flag].headline!(findings[RULES[flag].key], findings)
    );
  if (level === "data-fault") return said("fault").join(" ");
  const serious = said("serious");
  if (level === "flagged") {
    return `${
      serious.join(" ")
    } Nothing is free as declared, but do not use these cosines before ` +
      "that is understood.";
  }
  return [...serious, theory(findings, level, flags)].join(" ");
}

function theory(
  findings: Findings,
  level: Exclude<VerdictLevel, "data-fault" | "flagged">,
  flags: readonly VerdictFlag[],
): string {
  switch (level) {
    case "too-small":
      return findings.dimensions < 2
        ? "Too small to say anything: in one dimension a cosine is no more than a sign."
        : `Too small to say anything: there are ${
          counted(findings.duplicates.distinct, "different vector")
        } in ${counted(findings.dimensions, "dimension")}, and it takes ${ITEMS.value}.`;
    case "noise":
      return "These cosines cannot be told from those of random vectors.";
    case "arbitrary":
      return arbitrary(findings);
    case "regularization-dependent":
      return "These cosines are set by how strongly the two sides were regularized: another " +
        "strength gives other neighbors, and nothing in this file says which is right.";
    case "no-warning":
      return "No warning: cosine is what these vectors were trained for, as declared.";
    case "undetermined":
      return undetermined(findings, flags);
  }
}

function arbitrary(findings: Findings): string {
  const { change } = theoryOf(findings);
  const halves = findings.trained === "sum" && !findings.contexts && change !== "moved-by-mean"
    ? ", as far as sums alone can show"
    : "";
  const { model, lost, stable } = loss(findings);
  return stable
    ? `Undetermined in principle, small in practice: a model that fits exactly as well, ` +
      `${model}, replaces few of the nearest neighbors${halves}: ${lost}.`
    : `Do not trust these cosines as they are. They are undetermined in principle, and the effect is ` +
      `large in practice: a model that fits exactly as well, ${model}, replaces ${lost} of the nearest ` +
      "neighbors.";
}

function undetermined(findings: Findings, flags: readonly VerdictFlag[]): string {
  const { lost } = loss(findings);
  const { users } = findings;
  if (flags.includes("unit-norm")) {
    return "That all vectors have one length does not tell how they were trained. " +
      "If the model compares by cosine, all is well; if they were normalized after training on " +
      "dot products, that hid a freedom, and equally good models, their axes stretched up to 2 " +
      `times, replace ${lost} of the nearest neighbors.`;
  }
  if (users !== null && balanced(users)) {
    return "The two sides are consistent with decay on both, which would fix these " +
      "cosines, and no proof of it. Without such decay, equally good models, their axes stretched " +
      `up to 2 times, replace ${lost} of the nearest neighbors.`;
  }
  return "Vectors alone do not tell how they were trained: declare it (--trained). If on dot products " +
    "without a penalty on each side, these cosines are a choice nobody made, and equally good " +
    `models, their axes stretched up to 2 times, replace ${lost} of the nearest neighbors.`;
}

/** What theory says of the cosines, as declared; where nothing was, as if dot products were fitted. */
export interface Theory {
  /** Whether training fixes the cosines, in principle; null where nothing was declared. */
  determined: boolean | null;
  /** Whether equally good models replace few of the nearest neighbors or many; null where none is. */
  practice: "small" | "large" | null;
  /** The share that they replace, and its standard error. */
  replaced: number | null;
  error: number | null;
  /** Which of them replaces most: axes stretched up to 2 times, or the mean removed where it is free. */
  change: ChangeKey | null;
  words: string;
}

function theoryOf(findings: Findings): Theory {
  const worst = worstMember(findings);
  const determined = findings.group === null ? null : worst === null;
  if (worst === null) {
    return {
      determined,
      practice: null,
      replaced: null,
      error: null,
      change: null,
      words: findings.group === "rotation" ? "Determined by the decay" : "Determined",
    };
  }
  const { overlap, error, key } = worst;
  const practice = overlap >= neighborsMeasure.thresholds!.stable.value ? "small" : "large";
  const condition = determined === null ? ", if dot products were fitted" : "";
  return {
    determined,
    practice,
    replaced: 1 - overlap,
    error,
    change: key,
    words: `Undetermined in principle${condition}, ${practice} in practice (${
      percentWithin(1 - overlap, error)
    } of the nearest neighbors)`,
  };
}

/** The mild member of the free group that keeps the fewest neighbors; null where nothing is free. */
function worstMember(findings: Findings) {
  const stretched = memberAt(findings, 2);
  const moved = findings.neighbors.find(({ key }) => key === "moved-by-mean");
  return stretched !== null && moved !== undefined && moved.overlap < stretched.overlap
    ? moved
    : stretched;
}

function loss(findings: Findings): { model: string; lost: string; stable: boolean } {
  const member = worstMember(findings);
  if (member === null) return { model: "", lost: percent(0), stable: true };
  return {
    model: member.key === "moved-by-mean"
      ? "all its vectors moved by their mean"
      : "its axes stretched up to 2 times",
    lost: percentWithin(1 - member.overlap, member.error),
    stable: member.overlap >= neighborsMeasure.thresholds!.stable.value,
  };
}

/** A correction that what was measured gives a reason to try. */
export interface Suggestion {
  /** Its name, as `audit fix --correction` knows it. */
  correction: string;
  /** What the report calls it, among its changes. */
  change: string;
  /** What it is, and why to try it. */
  action: string;
  /** Why to try it, and what it does, with numbers. */
  reason: string;
  /** The share of the nearest neighbors that stays. */
  overlap: number;
  /** The mean cosine of random pairs. */
  meanCosine: { before: number; after: number };
  /** AUC with the labels; null without labels. */
  auc: { before: number; after: number } | null;
}

/** From these values on, a mean or top directions are worth removing, flagged or not. */
const COMMON_MEAN = 0.1, COMMON_TOP = 0.3;

/** Names the corrections to try. None is recommended: that takes evidence, as `audit fix` asks for. */
function suggestionsOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
): Suggestion[] {
  if (level === "too-small" || level === "noise" && !flags.includes("rogue-dimensions")) return [];
  const { anisotropy, rogueCoordinates } = findings;
  const holds = {
    rogue: rogueCoordinates.coordinates.length > 0,
    shared: flags.includes("anisotropic") || flags.includes("popularity") ||
      anisotropy.meanCosine >= COMMON_MEAN || anisotropy.topDirections[1] >= COMMON_TOP,
    free: level === "arbitrary" || level === "undetermined",
  };
  return (["rogue", "shared", "free"] as const).filter((reason) => holds[reason])
    .flatMap((reason) => CORRECTIONS.filter(({ suggested }) => suggested === reason))
    .flatMap(({ key, shown }) =>
      shown.flatMap(({ parameter, why }) =>
        why === undefined ? [] : suggestion(findings, correctionName(key, parameter), why)
      )
    );
}

function suggestion(findings: Findings, key: ChangeKey, why: string): Suggestion[] {
  const { neighbors, anisotropy, labels } = findings;
  const found = neighbors.find((change) => change.key === key);
  if (found === undefined) return [];
  const { change } = found;
  const auc = (key: ChangeKey) => labels!.changes.find((change) => change.key === key)!.auc;
  const meanCosine = { before: anisotropy.meanCosine, after: found.meanCosine! };
  const both = labels === null ? null : { before: auc("cosine"), after: auc(key) };
  const action = `${change[0].toUpperCase()}${change.slice(1)}: ${why}`;
  const reason = `${action}. Mean cosine ` +
    `${decimal(meanCosine.before)} to ${decimal(meanCosine.after)}, keeps ` +
    `${percentWithin(found.overlap, found.error)} of the nearest neighbors` +
    (both === null ? "." : `, AUC ${decimal(both.before, 3)} to ${decimal(both.after, 3)}.`);
  return [{
    correction: key,
    change,
    action,
    reason,
    overlap: found.overlap,
    meanCosine,
    auc: both,
  }];
}

/** What neither the vectors nor the declaration can tell. */
function unknownsOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
): string[] {
  const { trained, users, labels, queries, items, zeroRows, sample } = findings;
  const unknown: string[] = [];
  if (level === "too-small") return ["With so few items every figure below may be chance."];
  if (level === "noise") {
    unknown.push(
      "Whether there is anything in these vectors that is finer than chance hides: it would take " +
        "more items, labels, or pairs that belong together.",
    );
  }
  if (trained === "unknown") {
    unknown.push(
      flags.includes("unit-norm")
        ? "How the model was trained. One length does not tell: contrastive models normalize while " +
          "they train, and many pipelines normalize afterwards, which closes nothing."
        : "How the model was trained. No measurement on the vectors can tell.",
    );
  } else {
    unknown.push("Whether the declaration is right: nothing here proves it.");
  }
  if (users !== null && trained !== "cosine") unknown.push(usersUnknown(users, trained));
  if (trained === "sum" && !findings.contexts) {
    unknown.push(
      "The two terms of the sum: both are taken to be its halves, which may understate what is free. " +
        "Give `--users` the context vectors, and the terms are as they were.",
    );
  }
  if (trained === "sum" && !findings.biases) {
    unknown.push(
      "Whether the model has a bias for each vector, as GloVe has (say `--biases`): then one vector added to all of " +
        'them is free as well, and "mean removed" is no correction but an equally good model.',
    );
  }
  if (labels === null && queries?.ndcg == null) {
    unknown.push(
      "Whether neighbors by cosine are what you look for: that takes labels, or pairs that belong " +
        "together.",
    );
  }
  if (sample.items < items - zeroRows) {
    unknown.push(
      `Neighbors among all ${items.toLocaleString("en")} items: they were looked for among ` +
        `${sample.items.toLocaleString("en")} random ones.`,
    );
  }
  return unknown;
}

function usersUnknown(users: NonNullable<Findings["users"]>, trained: string): string {
  if (balanced(users)) {
    return "Whether the model had weight decay: sides balance too where a singular value " +
      "decomposition was split evenly, or training began small and stopped early.";
  }
  return "Whether these are all users, and whether the decay was scaled by counts: a part of the " +
    "users, or other weights, do not balance" +
    (trained === "factors" ? ", so that this does not contradict the declaration." : ".");
}

/** What to do next, in the order in which it is worth doing. */
function adviceOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
  suggestions: readonly Suggestion[],
): string[] {
  const advice = flags.flatMap((flag) =>
    RULES[flag].advice?.(findings[RULES[flag].key], findings) ?? []
  );
  if (level === "data-fault") return advice;
  const { trained, labels, users } = findings;
  if (level === "too-small") return ["Audit a file with more items."];
  if (level === "noise") {
    return [
      "Check that the file holds what it should: trained vectors, not initial ones, and rows that " +
      "are items.",
    ];
  }
  if (level === "undetermined") {
    advice.push("Find out how the model was trained, and declare it with `--trained`.");
  }
  if (level === "arbitrary" || level === "undetermined") {
    advice.push(
      "Train the model a second time with another seed, and let `audit compare` measure how far two " +
        "runs come apart: it needs no theory, and is no bound on what is free.",
    );
  }
  if (suggestions.length > 0 || level === "arbitrary") {
    advice.push(
      labels === null
        ? "Choose a correction by evidence: `audit fix` takes `--labels`, or `--pairs` of ids that " +
          "belong together, and reports on the half that it did not choose by."
        : "Let `audit fix --labels` choose a correction on half of the labels, and report on the " +
          "other.",
    );
  }
  if (level === "arbitrary" && trained !== "sum") {
    advice.push(
      users === null
        ? "Compare items by the predictions made for them, which are the same in every equally " +
          "good model: give `--users`, and it is measured here."
        : "Compare items by the predictions made for them: they are the same in every equally " +
          "good model.",
      "Or train again, on cosines or with weight decay on both sides.",
    );
  }
  if (trained === "sum") {
    advice.push(
      "Keep both terms, W and W̃, of the next training: what is free can then be measured.",
    );
  }
  if (level === "regularization-dependent") {
    advice.push(
      "Train with several strengths of the decay, and use neighbors that do not depend on it.",
    );
  }
  return advice;
}
