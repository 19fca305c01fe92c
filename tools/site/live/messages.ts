/**
 * What the page of the live map and its worker tell each other.
 *
 * @module
 */
/** What the reader can change on the live map. */
export interface Settings {
  /** λ of Eq. 1. */
  denoising: number;
  /** λ of Eq. 2. */
  weightDecay: number;
  /** The rank k of both models. */
  rank: number;
  /** The exponents of V σᵃ dMatᵇ. */
  a: number;
  b: number;
}

/** Where the map starts: the paper's experiment, with D = I. */
export const PAPER: Settings = { denoising: 10_000, weightDecay: 100, rank: 50, a: 0, b: 0.5 };

/** The largest rank that can be chosen. */
export const MOST_RANK = 100;

/** The panels of the map, in their order. */
export const PANELS = ["truth", "whitened", "identity", "inverse", "weightDecay", "yours"] as const;

/** One of them. */
export type PanelName = typeof PANELS[number];

/** What the page asks of the worker. */
export interface Request {
  settings: Settings;
  /** The colors of similarities from −1 to 1, [red, green, blue] each. */
  colors: number[][];
  /** How many pixels a panel has on each side. */
  side: number;
}

/** What the worker tells the page, as soon as it knows. */
export type Answer =
  | { kind: "stage"; text: string }
  | { kind: "panel"; name: PanelName; pixels: Uint8ClampedArray<ArrayBuffer> }
  | { kind: "auc"; name: PanelName; auc: number }
  | { kind: "model"; loss: number; difference: number; dimensions: number }
  | { kind: "settled" };
