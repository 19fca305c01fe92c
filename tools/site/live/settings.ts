/** What the reader can change on the live map. */
export interface Settings {
  /** The seed of the simulation. */
  seed: string;
  /** The rank k of both models. */
  rank: number;
  /** λ of Eq. 1. */
  denoising: number;
  /** λ of Eq. 2. */
  weightDecay: number;
  /** The exponents of V σᵃ dMatᵇ. */
  a: number;
  b: number;
}

/** Where the map starts: the paper's experiment, with D = I. */
export const PAPER: Settings = {
  seed: "cosine-lab",
  rank: 50,
  denoising: 10_000,
  weightDecay: 100,
  a: 0,
  b: 0.5,
};

/** A setting that is a number. */
export type NumberName = Exclude<keyof Settings, "seed">;

/** How many items are simulated: the largest rank. */
export const ITEMS = 1000;

/** The largest rank whose directions are computed at once. */
export const QUICK_RANK = 100;

const steps = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

/** The ranks on the slider: all of those at which the picture changes, then fewer. */
const SLIDER_RANKS = [...steps(2, 100, 1), ...steps(110, 200, 10), ...steps(250, ITEMS, 50)];

/** A slider: its positions, and the values that they stand for. */
interface Scale {
  min: number;
  max: number;
  step: number;
  valueAt(position: number): number;
  positionOf(value: number): number;
}

const linear = (min: number, max: number): Scale => ({
  ...{ min, max, step: 0.05, valueAt: (position) => position, positionOf: (value) => value },
});

/** A decade in twenty steps, 10^0.05 apart, to three digits: the same in every engine. */
const DECADE = [
  ...[1, 1.12, 1.26, 1.41, 1.58, 1.78, 2, 2.24, 2.51, 2.82],
  ...[3.16, 3.55, 3.98, 4.47, 5.01, 5.62, 6.31, 7.08, 7.94, 8.91],
];

/** Powers of ten, from 10^min to 10^max. */
const logarithmic = (min: number, max: number): Scale => {
  const values = steps(0, 20 * (max - min), 1).map((step) =>
    Number(`${DECADE[step % 20]}e${min + Math.floor(step / 20)}`)
  );
  return {
    ...{ min, max, step: 0.05 },
    valueAt: (position) => values[Math.round(20 * (position - min))],
    positionOf: (value) => min + values.findLastIndex((each) => each <= value) / 20,
  };
};

/** The sliders of the map. */
export const SCALES: Record<NumberName, Scale> = {
  rank: {
    ...{
      min: 0,
      max: SLIDER_RANKS.length - 1,
      step: 1,
      valueAt: (position) => SLIDER_RANKS[position],
    },
    positionOf: (value) => SLIDER_RANKS.findLastIndex((rank) => rank <= value),
  },
  denoising: logarithmic(2, 6),
  weightDecay: logarithmic(0, 3),
  a: linear(-1, 2),
  b: linear(-1, 2),
};

/** What the settings are called in an address. */
const KEYS: Record<keyof Settings, string> = {
  seed: "seed",
  rank: "k",
  denoising: "lambda1",
  weightDecay: "lambda2",
  a: "a",
  b: "b",
};

const NAMES = Object.keys(KEYS) as (keyof Settings)[];

/**
 * The settings that an address holds after its `#`; what it does not hold, or wrongly, is the paper's.
 *
 * @param hash Such as `k=5&lambda2=40`.
 */
export function readSettings(hash: string): Settings {
  const given = new URLSearchParams(hash);
  const entries = NAMES.flatMap((name) => {
    const text = given.get(KEYS[name]);
    if (text === null) return [];
    const value = name === "seed" ? text : Number(text);
    return text.trim() !== "" && wrongSetting(name, value) === undefined ? [[name, value]] : [];
  });
  return { ...PAPER, ...Object.fromEntries(entries) };
}

/** Those settings that are not the paper's, to stand in an address after a `#`. */
export function writeSettings(settings: Partial<Settings>): string {
  const others = NAMES.filter((name) => (settings[name] ?? PAPER[name]) !== PAPER[name]);
  return String(new URLSearchParams(others.map((name) => [KEYS[name], String(settings[name])])));
}

/** What a setting has to be, where it is not. */
export function wrongSetting(name: string, value: unknown): string | undefined {
  if (name === "seed") {
    const good = typeof value === "string" && value !== "" && value.length <= 100;
    return good ? undefined : "a text of 1 to 100 characters";
  }
  if (!Object.hasOwn(SCALES, name)) return `one of ${NAMES.join(", ")}`;
  const { min, max, valueAt } = SCALES[name as NumberName];
  const [low, high] = [valueAt(min), valueAt(max)];
  const good = typeof value === "number" && value >= low && value <= high &&
    (name !== "rank" || Number.isInteger(value));
  return good ? undefined : `${name === "rank" ? "an integer" : "a number"} from ${low} to ${high}`;
}

/** The panels of the map, in their order. */
export const PANELS = ["truth", "whitened", "identity", "inverse", "weightDecay", "yours"] as const;

/** One of them. */
export type PanelName = typeof PANELS[number];

/** The settings that a panel depends on. */
const DEPENDS: Record<PanelName, readonly (keyof Settings)[]> = {
  truth: ["seed"],
  whitened: ["seed", "rank"],
  identity: ["seed", "rank", "denoising"],
  inverse: ["seed", "rank", "denoising"],
  weightDecay: ["seed", "rank", "weightDecay"],
  yours: ["seed", "rank", "denoising", "a", "b"],
};

/** A text that changes when a panel has to be drawn anew. */
export function panelKey(name: PanelName, settings: Settings): string {
  return JSON.stringify(DEPENDS[name].map((each) => settings[each]));
}
