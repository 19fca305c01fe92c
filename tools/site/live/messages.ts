import type { PanelName, Settings } from "./settings.ts";

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
