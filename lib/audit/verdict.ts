import { correctionName, CORRECTIONS } from "./fix/corrections.ts";
import { followsFrom, TRAININGS } from "./measures/free_group.ts";
import {
  type Findings,
  flagsOf,
  headlinesOf,
  kindOf,
  RULES,
  sentencesOf,
  THRESHOLDS,
  type VerdictFlag,
} from "./measures/measures.ts";
import {
  type ChangeKey,
  counted,
  decimal,
  type NeighborChange,
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
  /** The level in plain words: whether a problem was found, and what the cosines rest on. */
  title: string;
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
  const { fault, serious, note } = headlinesOf(findings, flags);
  const broken = level === "data-fault", limited = level === "too-small" || level === "noise";
  const flagged = [...serious, ...note], said = sentencesOf("file", findings, flags);
  // What cannot be told of the file is for the headline where nothing else is said of it.
  const found = broken ? fault : flagged.length > 0 || limited ? flagged : said;
  // Where the headline names faults alone, what else was found stands with the file.
  const file = [...broken ? flagged : [], ...found === said ? [] : said];
  const facts: Facts = { findings, flags, sound: found.length === 0, ...freedom(findings) };
  const asked = flags.filter((flag) => RULES[flag].asks).length;
  const { title, conclusion, advice } = LEVEL_RULES[level];
  const corrections = suggestionsOf(facts, level);
  const condition = flags.includes("transposed") && !broken
    ? "Everything below assumes that each row is one item. "
    : "";
  const concluded = broken ? "" : `${condition}${conclusion(facts)}`;
  const start = level === "undetermined" && found.length === 0 ? NO_FAULT : [];
  return {
    level,
    flags,
    title: [
      ...broken || limited && serious.length === 0
        ? []
        : [problems({ serious, note, found, asked })],
      title,
    ].join("; "),
    headline: [...start, ...found, concluded].filter(Boolean).join(" "),
    found,
    conclusion: concluded,
    file,
    theory: theoryOf(facts),
    declared: followsFrom(findings.trained, findings.biases),
    measured: sentencesOf("vectors", findings, flags),
    unknown: unknownsOf(facts, level),
    corrections,
    advice: [
      ...flagAdvice(facts, true),
      ...advice(facts, corrections.length > 0),
      ...flagAdvice(facts, false),
    ],
    thresholds: [ITEMS, ...THRESHOLDS],
  };
}

const NO_FAULT = ["No fault was found in this file."];

/** Whether something was found, for the title. */
function problems(
  { serious, note, found, asked }:
    & Record<"serious" | "note" | "found", readonly string[]>
    & { asked: number },
): string {
  const sure = serious.length - asked;
  const question = counted(asked, "question");
  if (sure > 0) return `${counted(sure, "problem")}${asked > 0 ? ` and ${question}` : ""} found`;
  if (asked > 0) return `${question} about this file`;
  return `no ${note.length > 0 ? "serious " : found.length > 0 ? "clear " : ""}problem found`;
}

/** What the verdict is drawn from. */
interface Facts extends Freedom {
  findings: Findings;
  flags: readonly VerdictFlag[];
  /** Whether nothing was found that stands before the conclusion. */
  sound: boolean;
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
export type VerdictLevel =
  | "data-fault"
  | "too-small"
  | "noise"
  | "arbitrary"
  | "undetermined"
  | "regularization-dependent"
  | "flagged"
  | "no-warning";

/** What a level says. */
interface LevelRule {
  /** In a few words, behind what was found. */
  title: string;
  /** What the verdict comes to, for someone who knows none of the theory. */
  conclusion(facts: Facts): string;
  /** What to do, in the order in which it is worth doing. */
  advice(facts: Facts, suggested: boolean): string[];
}

/** What can be declared. */
const DECLARED = ["cosine", ...TRAININGS.filter((word) => word !== "cosine" && word !== "unknown")];

const SECOND_RUN =
  "Train the model a second time with another seed, and let `audit compare` measure how far the two " +
  "runs differ: that needs no theory, but is no bound on what is free.";

/** What each level says, the most limiting first. */
const LEVEL_RULES: Record<VerdictLevel, LevelRule> = {
  "data-fault": {
    title: "this file is faulty and must be mended first",
    conclusion: () => "",
    advice: () => [],
  },
  "too-small": {
    title: "too small to judge",
    conclusion: ({ findings: { dimensions, duplicates } }) =>
      dimensions < 2
        ? "Too small to say anything: in one dimension a cosine is no more than a sign."
        : `Too small to say anything: there are ${
          counted(duplicates.distinct, "different vector")
        } in ${counted(dimensions, "dimension")}, and at least ${ITEMS.value} are needed.`,
    advice: ({ findings: { dimensions } }) => [
      dimensions < 2
        ? "Check that the file has a column for each coordinate."
        : "Audit a file with more items.",
    ],
  },
  noise: {
    title: "no different from random vectors",
    conclusion: ({ findings: { noise, dimensions } }) => noiseSentence(noise, dimensions),
    advice: () => [
      "Check that the file holds trained weights, not the random ones that a model starts with, and " +
      "no placeholder.",
    ],
  },
  arbitrary: {
    title: "training leaves the cosines open",
    conclusion({ findings: { trained, contexts }, model, lost, practice }) {
      const halves = trained === "sum" && !contexts && model === STRETCHED && practice === "small"
        ? ", as far as sums alone can show"
        : "";
      return "These cosines are undetermined in principle, and the effect is " +
        `${practice} in practice: ${model} gives a model that fits exactly as well, and replaces ` +
        `${lost} of the nearest neighbors${halves}.` +
        (practice === "large" ? " Do not trust these cosines as they are." : "");
    },
    advice: ({ findings: { trained, labels, users } }) => [
      SECOND_RUN,
      byEvidence(labels !== null),
      ...trained === "sum"
        ? ["Keep both terms, W and W̃, of the next training: what is free can then be measured."]
        : [
          "Compare items by the predictions made for them, which are the same in every equally good " +
          `model${users === null ? ": give `--users`, and this is measured" : ""}.`,
          "Or train again, on cosines or with weight decay on both sides.",
        ],
    ],
  },
  undetermined: {
    title: "the training was not declared",
    conclusion({ findings, flags, model, lost }) {
      const { users, norms } = findings;
      const replaces =
        `${model} leaves its predictions the same but replaces ${lost} of the nearest neighbors, so ` +
        "that share is arbitrary: compare items by what the model predicts for them instead.";
      if (users !== null && balanced(users)) {
        return "The two sides are consistent with decay on both, which would fix these cosines, but " +
          `that is no proof. Without such decay, ${replaces}`;
      }
      const [untold, afterwards] = flags.includes("unit-norm")
        ? [
          ` All vectors have ${
            Math.abs(norms.mean - 1) < 0.01 ? "norm 1" : "the same norm"
          }, but that ` +
          "does not show how the model was trained.",
          ", also where vectors are normalized afterwards",
        ]
        : ["", ""];
      const use = flags.some((flag) => kindOf(flag, findings) === "serious" && !RULES[flag].asks)
        ? "use them once the above is settled"
        : "use them";
      return "Whether to trust these cosines depends on how the model was trained: say so with " +
        `\`--trained ${
          DECLARED.join(" | ")
        }\`. If on cosines (most sentence encoders): ${use}. If on ` +
        `dot products (matrix factorization, GloVe${afterwards}): ${replaces}${untold}`;
    },
    advice: ({ findings: { labels } }, suggested) => [
      "Look up how the model was trained, in its model card or in the loss of its training code, and " +
      "audit again with `--trained` (`--help` explains the words).",
      SECOND_RUN,
      ...suggested ? [byEvidence(labels !== null)] : [],
    ],
  },
  "regularization-dependent": {
    title: "the strength of its regularization sets the cosines",
    conclusion: () =>
      "These cosines are set by how strongly the two sides were regularized: another strength gives " +
      "other neighbors, and nothing in this file says which strength is right.",
    advice: ({ findings: { labels } }, suggested) => [
      ...suggested ? [byEvidence(labels !== null)] : [],
      "Train with several strengths of the decay, and use neighbors that do not depend on it.",
    ],
  },
  flagged: {
    title: "trained on cosines, as declared",
    conclusion: () =>
      "The declared training leaves nothing free, but do not use these cosines before you understand " +
      "what was found.",
    advice: ({ findings: { labels } }, suggested) => suggested ? [byEvidence(labels !== null)] : [],
  },
  "no-warning": {
    title: "trained on cosines, as declared",
    conclusion: ({ sound }) =>
      sound
        ? "No warning: cosine is what these vectors were trained for, as declared."
        : "Between items, cosine is what these vectors were trained for, as declared.",
    advice: (facts, suggested) =>
      flagAdvice(facts, true).length > 0 ? [] : [
        (facts.sound
          ? "Use them as they are"
          : "If this is as it should be, use them as they are") +
        (suggested ? ", or try whether a correction helps: `audit fix` chooses by evidence." : "."),
      ],
  },
};

/** All levels, the most limiting first. */
export const LEVELS = Object.keys(LEVEL_RULES) as VerdictLevel[];

/** How to choose a correction. */
function byEvidence(labels: boolean): string {
  return labels
    ? "Let `audit fix --labels` choose a correction on one half of the labels and report on the other."
    : "Choose a correction by evidence: `audit fix` takes `--labels`, or `--pairs` of ids that " +
      "belong together, chooses on one half of them and reports on the other.";
}

/** What flags advise: those that the headline speaks of, or the others. */
function flagAdvice({ findings, flags }: Facts, inHeadline: boolean): string[] {
  return flags.map((flag) => RULES[flag])
    .filter(({ headline }) => inHeadline === (headline !== undefined))
    .flatMap(({ key, advice }) => advice?.(findings[key], findings) ?? []);
}

/** What the declaration says, unless the file is at fault or too little to say anything about. */
function levelOf(findings: Findings, flags: readonly VerdictFlag[]): VerdictLevel {
  const { duplicates, dimensions, noise, trained } = findings;
  if (flags.some((flag) => kindOf(flag, findings) === "fault")) return "data-fault";
  if (duplicates.distinct < ITEMS.value || dimensions < 2) return "too-small";
  if (noise.noise && !labelsTell(findings)) return "noise";
  if (trained === "unknown") return "undetermined";
  if (trained === "factors") return "regularization-dependent";
  if (trained !== "cosine") return "arbitrary";
  return flags.some((flag) => kindOf(flag, findings) === "serious") ? "flagged" : "no-warning";
}

/** Whether neighbors share their labels more often than chance explains: then cosines are no noise. */
function labelsTell({ labels, sample, noise }: Findings): boolean {
  if (labels === null) return false;
  const { chance, changes } = labels;
  const error = Math.sqrt(chance * (1 - chance) / sample.anchors);
  return changes[0].precision - chance > noise.limit * error;
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

function theoryOf({ findings: { group }, member, lost, practice }: Facts): Theory {
  const determined = group === null ? null : member === null;
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
      : group === "rotation"
      ? "Determined by the decay"
      : "Determined",
  };
}

const STRETCHED = "stretching the model's axes by up to 2 times";

/** The mild equally good model that keeps the fewest neighbors. */
interface Freedom {
  /** What is left of neighbors; null where nothing is free. */
  member: NeighborChange | null;
  /** What it is, and the share that it replaces, in words. */
  model: string;
  lost: string;
  practice: Theory["practice"];
}

function freedom(findings: Findings): Freedom {
  const stretched = memberAt(findings, 2);
  const moved = findings.neighbors.find(({ key }) => key === "moved-by-mean");
  const member = stretched !== null && moved !== undefined && moved.overlap < stretched.overlap
    ? moved
    : stretched;
  if (member === null) return { member, model: "", lost: percent(0), practice: null };
  return {
    member,
    model: member === moved ? "moving all vectors by their mean" : STRETCHED,
    lost: percentWithin(1 - member.overlap, member.error, "point"),
    practice: member.overlap >= STABLE.value ? "small" : "large",
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
function suggestionsOf({ findings, flags }: Facts, level: VerdictLevel): Suggestion[] {
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
  const { change, overlap, error } = found;
  const aucOf = (key: ChangeKey) => labels!.changes.find((change) => change.key === key)!.auc;
  const meanCosine = { before: anisotropy.meanCosine, after: found.meanCosine! };
  const auc = labels === null ? null : { before: aucOf("cosine"), after: aucOf(key) };
  const action = `${change[0].toUpperCase()}${change.slice(1)}: ${why}`;
  const reason = `${action}. Mean cosine ` +
    `${decimal(meanCosine.before)} to ${decimal(meanCosine.after)}, keeps ` +
    `${percentWithin(overlap, error)} of the nearest neighbors` +
    (auc === null ? "" : `, AUC ${decimal(auc.before, 3)} to ${decimal(auc.after, 3)}`) +
    ` (\`audit fix --correction ${key}\`).`;
  return [{ correction: key, change, action, reason, overlap, meanCosine, auc }];
}

/** What neither the vectors nor the declaration can tell. */
function unknownsOf({ findings, flags }: Facts, level: VerdictLevel): string[] {
  const { trained, users, labels, queries, items, zeroRows, sample } = findings;
  if (level === "too-small") return ["With so few items every figure below may be due to chance."];
  const unknown = trained === "unknown", sides = users !== null && trained !== "cosine";
  const lines: [condition: boolean, sentence: string][] = [
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
      "Whether neighbors by cosine are what you look for, and, where the rows stand in no order, " +
      "whether they are of one model: that takes labels, or pairs that belong together.",
    ],
    [
      sample.items < items - zeroRows,
      `The neighbors among all ${items.toLocaleString("en")} items: they were looked for among ` +
      `${sample.items.toLocaleString("en")} random ones.`,
    ],
  ];
  return lines.filter(([condition]) => condition).map(([, sentence]) => sentence);
}
