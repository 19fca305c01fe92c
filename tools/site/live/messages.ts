import type { Scores } from "./live_model.ts";
import type { PanelName, Settings } from "./settings.ts";

/** What the page asks of the worker. */
export interface Request {
  settings: Settings;
  /** How many colors there are from −1 to 1. */
  colors: number;
}

/** What the worker tells the page, as soon as it knows. */
export type Answer =
  | { kind: "stage"; text: string }
  | { kind: "panel"; name: PanelName; pixels: Uint8Array<ArrayBuffer>; side: number }
  /** With the {@linkcode panelKey} of what was drawn. */
  | { kind: "scores"; name: PanelName; key: string; scores: Scores }
  | { kind: "model"; loss: number; difference: number; dimensions: number }
  | { kind: "settled" };
