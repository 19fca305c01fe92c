import { correctionName, CORRECTIONS } from "./fix/corrections.ts";
import { followsFrom } from "./measures/free_group.ts";
import {
  type Findings,
  flagsOf,
  headlinesOf,
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
import { memberAt, STABLE } from "./measures/neighbors.ts";
import { noiseSentence } from "./measures/noise.ts";
import { balanced } from "./measures/users.ts";

/** The verdict of an audit, in plain words. */
export interface Verdict {
  level: VerdictLevel;
  flags: VerdictFlag[];
  /** The verdict in a sentence or two, without theory: what was found, and what it comes to. */
  headline: string;
  /** What the headline says is wrong with the file or its vectors, the faults alone if there are any. */
  found: string[];
  /** What the headline says the cosines come to; empty where the file itself is at fault. */
  conclusion: string;
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
  const { fault, serious, note } = headlinesOf(findings, flags);
  // Where the headline names faults alone, what else is serious stands with the file.
  const file = [
    ...level === "data-fault" ? serious : [],
    ...sentencesOf("file", findings, flags),
  ];
  const found = level === "data-fault" ? fault : [...serious, ...note];
  const concluded = level === "data-fault" ? "" : conclusion(findings, level, flags, found, file);
  return {
    level,
    flags,
    headline: [...found, concluded].filter(Boolean).join(" "),
    found,
    conclusion: concluded,
    file,
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

/** What the verdict comes to, for someone who knows none of the theory, after what is known. */
function conclusion(
  findings: Findings,
  level: Exclude<VerdictLevel, "data-fault">,
  flags: readonly VerdictFlag[],
  known: readonly string[],
  file: readonly string[],
): string {
  const { duplicates, dimensions, users, trained, contexts } = findings;
  const { model, lost, practice } = freedom(findings);
  switch (level) {
    case "too-small":
      return dimensions < 2
        ? "Too small to say anything: in one dimension a cosine is no more than a sign."
        : `Too small to say anything: there are ${
          counted(duplicates.distinct, "different vector")
        } in ${counted(dimensions, "dimension")}, and at least ${ITEMS.value} are needed.`;
    case "noise":
      return noiseSentence(findings.noise, dimensions);
    case "regularization-dependent":
      return "These cosines are set by how strongly the two sides were regularized: another " +
        "strength gives other neighbors, and nothing in this file says which strength is right.";
    case "flagged":
      return "The declared training leaves nothing free, but do not use these cosines before you " +
        "understand this.";
    case "no-warning":
      return known.length > 0
        ? "Between items, cosine is what these vectors were trained for, as declared."
        : "No warning: cosine is what these vectors were trained for, as declared.";
    case "arbitrary": {
      const halves = trained === "sum" && !contexts && model === STRETCHED && practice === "small"
        ? ", as far as sums alone can show"
        : "";
      return `Undetermined in principle, ${practice} in practice: a model that fits exactly as well, ` +
        `${model}, replaces ${lost} of the nearest neighbors${halves}.` +
        (practice === "large" ? " Do not trust these cosines as they are." : "");
    }
    case "undetermined": {
      const start = known.length + file.length > 0 ? "" : "No fault was found in this file. ";
      const free = `an equally good model, ${model}, replaces ${lost} of the nearest neighbors.`;
      if (users !== null && balanced(users)) {
        return `${start}The two sides are consistent with decay on both, which would fix these ` +
          `cosines, but that is no proof. Without such decay ${free}`;
      }
      const unit = flags.includes("unit-norm");
      return `${start}How far these cosines can be trusted depends on the training, which was not ` +
        `declared (\`--trained\`)${
          unit ? ", and which the one length of all vectors does not tell" : ""
        }: trained on cosines (most sentence encoders), use them; trained on dot products (matrix ` +
        `factorization, GloVe)${unit ? " and normalized after training" : ""}, ${free}`;
    }
  }
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
  const { member, lost, practice } = freedom(findings);
  const determined = findings.group === null ? null : member === null;
  const condition = determined === null ? ", if dot products were fitted" : "";
  return {
    determined,
    practice,
    replaced: member && 1 - member.overlap,
    error: member && member.error,
    change: member && member.key,
    words: practice !== null
      ? `Undetermined in principle${condition}, ${practice} in practice (${lost} of the nearest ` +
        "neighbors)"
      : findings.group === "rotation"
      ? "Determined by the decay"
      : "Determined",
  };
}

const STRETCHED = "its axes stretched up to 2 times";

/** The mild equally good model that keeps the fewest neighbors; null where nothing is free. */
function freedom(findings: Findings) {
  const stretched = memberAt(findings, 2);
  const moved = findings.neighbors.find(({ key }) => key === "moved-by-mean");
  const member = stretched !== null && moved !== undefined && moved.overlap < stretched.overlap
    ? moved
    : stretched;
  if (member === null) return { member, model: "", lost: percent(0), practice: null };
  return {
    member,
    model: member === moved ? "all its vectors moved by their mean" : STRETCHED,
    lost: percentWithin(1 - member.overlap, member.error),
    practice: member.overlap >= STABLE.value ? "small" as const : "large" as const,
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

/** The sentences whose condition holds. */
const holding = (...lines: [condition: boolean, sentence: string][]) =>
  lines.filter(([condition]) => condition).map(([, sentence]) => sentence);

/** What neither the vectors nor the declaration can tell. */
function unknownsOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
): string[] {
  const { trained, users, labels, queries, items, zeroRows, sample } = findings;
  if (level === "too-small") return ["With so few items every figure below may be due to chance."];
  const unknown = trained === "unknown", sides = users !== null && trained !== "cosine";
  return holding(
    [
      level === "noise",
      "Whether these vectors hold anything finer than chance hides: more items, labels, or pairs " +
      "that belong together would show it.",
    ],
    [
      unknown && flags.includes("unit-norm"),
      "How the model was trained. One length does not tell: contrastive models normalize while they " +
      "train, and many pipelines normalize afterwards, which removes no freedom.",
    ],
    [
      unknown && !flags.includes("unit-norm"),
      "How the model was trained: no measurement on the vectors can tell.",
    ],
    [!unknown, "Whether the declaration is right: nothing here proves it."],
    [
      sides && balanced(users),
      "Whether the model had weight decay: the sides also balance where a singular value " +
      "decomposition was split evenly, or training began small and stopped early.",
    ],
    [
      sides && !balanced(users),
      "Whether these are all the users, and whether the decay was scaled by counts: some of the " +
      "users, or other weights, do not balance" +
      (trained === "factors" ? ", so this does not contradict the declaration." : "."),
    ],
    [
      trained === "sum" && !findings.contexts,
      "The two terms of the sum: each is taken to be half of it, which may understate what is free. " +
      "Give the context vectors as `--users`, and the terms are known.",
    ],
    [
      trained === "sum" && !findings.biases,
      "Whether the model has a bias for each vector, as GloVe has (then say `--biases`): in that " +
      "case one vector added to all of them is free as well, and removing the mean is no correction " +
      "but leads to an equally good model.",
    ],
    [
      labels === null && queries?.ndcg == null,
      "Whether neighbors by cosine are what you look for: that takes labels, or pairs that belong " +
      "together.",
    ],
    [
      sample.items < items - zeroRows,
      `The neighbors among all ${items.toLocaleString("en")} items: they were looked for among ` +
      `${sample.items.toLocaleString("en")} random ones.`,
    ],
  );
}

/** What to do next, in the order in which it is worth doing. */
function adviceOf(
  findings: Findings,
  level: VerdictLevel,
  flags: readonly VerdictFlag[],
  suggestions: readonly Suggestion[],
): string[] {
  const { trained, labels, users } = findings;
  const ofFlags = (inHeadline: boolean) =>
    flags.filter((flag) => inHeadline === (RULES[flag].headline !== undefined)).flatMap((flag) =>
      RULES[flag].advice?.(findings[RULES[flag].key], findings) ?? []
    );
  if (level === "data-fault") return [...ofFlags(true), ...ofFlags(false)];
  if (level === "too-small") return [...ofFlags(true), "Audit a file with more items."];
  if (level === "noise") {
    return [
      ...ofFlags(true),
      "Check that the file holds trained weights, not the random ones that a model starts with, and " +
      "no placeholder.",
    ];
  }
  const arbitrary = level === "arbitrary", free = arbitrary || level === "undetermined";
  const correctable = suggestions.length > 0 || arbitrary, warned = level !== "no-warning";
  return [
    ...ofFlags(true),
    ...holding(
      [
        level === "undetermined",
        "Find out how the model was trained, and declare it with `--trained` (`--help` lists the " +
        "choices).",
      ],
      [
        free,
        "Train the model a second time with another seed, and let `audit compare` measure how far " +
        "the two runs differ: that needs no theory, but is no bound on what is free.",
      ],
      [
        !warned && ofFlags(true).length === 0,
        "Use them as they are" +
        (correctable
          ? ", or try whether a correction helps: `audit fix` chooses by evidence."
          : "."),
      ],
      [
        correctable && warned && labels === null,
        "Choose a correction by evidence: `audit fix` takes `--labels`, or `--pairs` of ids that " +
        "belong together, chooses on one half of them and reports on the other.",
      ],
      [
        correctable && warned && labels !== null,
        "Let `audit fix --labels` choose a correction on one half of the labels and report on the " +
        "other.",
      ],
      [
        arbitrary && trained !== "sum",
        "Compare items by the predictions made for them, which are the same in every equally good " +
        `model${users === null ? ": give `--users`, and this is measured" : ""}.`,
      ],
      [
        arbitrary && trained !== "sum",
        "Or train again, on cosines or with weight decay on both sides.",
      ],
      [
        trained === "sum",
        "Keep both terms, W and W̃, of the next training: what is free can then be measured.",
      ],
      [
        level === "regularization-dependent",
        "Train with several strengths of the decay, and use neighbors that do not depend on it.",
      ],
    ),
    ...ofFlags(false),
  ];
}
