/**
 * Computes the live map away from the page: pictures first, then their AUCs, then the loss.
 *
 * @module
 */
import type { Matrix } from "ml-matrix";
import { sameClusterAuc } from "../../../lib/similarity/clusters.ts";
import { LiveModel } from "./live_model.ts";
import { type Answer, type PanelName, PANELS, type Request, type Settings } from "./messages.ts";

/** The settings that a panel depends on. */
const DEPENDS: Record<PanelName, readonly (keyof Settings)[]> = {
  truth: [],
  whitened: ["rank"],
  identity: ["denoising", "rank"],
  inverse: ["denoising", "rank"],
  weightDecay: ["weightDecay", "rank"],
  yours: ["denoising", "rank", "a", "b"],
};

const scope = globalThis as unknown as {
  postMessage(answer: Answer, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<Request>) => void;
};

let model: LiveModel | undefined;
let latest: Request;
let running = false;
/** What each panel was last drawn for. */
const drawn = new Map<PanelName, string>();
const modelOf: { key?: string } = {};

scope.onmessage = ({ data }) => {
  latest = data;
  if (!running) run();
};

const keyOf = (settings: Settings, names: readonly (keyof Settings)[]) =>
  JSON.stringify(names.map((name) => settings[name]));

/** Lets messages in that have come meanwhile. */
const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));

async function run(): Promise<void> {
  running = true;
  model ??= new LiveModel((text) => scope.postMessage({ kind: "stage", text }));
  let done: Request | undefined;
  while (done !== latest) {
    done = latest;
    await draw(model, done);
  }
  running = false;
  scope.postMessage({ kind: "settled" });
}

/** Draws what has changed, what the reader moves first; gives up as soon as there is a newer request. */
async function draw(model: LiveModel, request: Request): Promise<void> {
  const { settings, side, colors } = request;
  const changed = PANELS.toReversed().filter((name) =>
    drawn.get(name) !== keyOf(settings, DEPENDS[name])
  );
  const similarities = changed.map((name) => {
    const s = model.similarity(name, settings);
    const pixels = panelPixels(s, side, colors);
    scope.postMessage({ kind: "panel", name, pixels }, [pixels.buffer]);
    return { name, s };
  });
  for (const { name, s } of similarities) {
    await breathe();
    if (request !== latest) return;
    scope.postMessage({ kind: "auc", name, auc: sameClusterAuc(s, model.clusters) });
    drawn.set(name, keyOf(settings, DEPENDS[name]));
  }
  await breathe();
  const key = JSON.stringify(settings);
  if (request !== latest || modelOf.key === key) return;
  scope.postMessage({ kind: "model", ...model.model(settings) });
  modelOf.key = key;
}

/**
 * Draws a similarity matrix, each pixel the mean over a block of pairs, as the figures do.
 *
 * @param s The similarities, p x p, −1 to 1.
 * @param side The pixels of a side; p is a multiple of it.
 * @param colors The colors from −1 to 1 in even steps, [red, green, blue].
 * @returns Four bytes for each pixel, row by row.
 */
function panelPixels(
  s: Matrix,
  side: number,
  colors: readonly (readonly number[])[],
): Uint8ClampedArray<ArrayBuffer> {
  const block = s.rows / side;
  const pixels = new Uint8ClampedArray(4 * side * side);
  const sums = new Float64Array(side);
  for (let top = 0; top < side; top++) {
    sums.fill(0);
    for (let i = top * block; i < (top + 1) * block; i++) {
      for (let j = 0; j < s.columns; j++) sums[Math.floor(j / block)] += s.get(i, j);
    }
    for (let left = 0; left < side; left++) {
      const share = (sums[left] / block ** 2 + 1) / 2;
      const [red, green, blue] = colors[Math.round(share * (colors.length - 1))];
      pixels.set([red, green, blue, 255], 4 * (top * side + left));
    }
  }
  return pixels;
}
