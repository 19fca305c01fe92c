/**
 * Computes the live map away from the page: what the reader moves first, then the other pictures, then
 * how well they tell the clusters apart, then the loss.
 *
 * @module
 */
import { LiveModel, type Scores } from "./live_model.ts";
import { panelPixels } from "./panel_pixels.ts";
import { panelKey, type PanelName, PANELS, type Settings } from "./settings.ts";

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

/** Lets messages in that have come meanwhile. */
const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));

async function run(): Promise<void> {
  running = true;
  let done: Request | undefined;
  while (done !== latest) {
    done = latest;
    if (model?.seed !== done.settings.seed) {
      model = new LiveModel(
        done.settings.seed,
        (text) => scope.postMessage({ kind: "stage", text }),
      );
    }
    await draw(model, done);
  }
  running = false;
  scope.postMessage({ kind: "settled" });
}

/** Draws what has changed; gives up as soon as there is a newer request. */
async function draw(model: LiveModel, request: Request): Promise<void> {
  const { settings, colors } = request;
  const changed = PANELS.toReversed().filter((name) =>
    drawn.get(name) !== panelKey(name, settings)
  );
  const picture = (name: PanelName) => {
    const s = model.similarity(name, settings);
    const { pixels, side } = panelPixels(s, model.clusters, colors);
    scope.postMessage({ kind: "panel", name, pixels, side }, [pixels.buffer]);
    return s;
  };
  const rate = (name: PanelName, s: ReturnType<typeof picture>) => {
    const key = panelKey(name, settings);
    scope.postMessage({ kind: "scores", name, key, scores: model.scores(s) });
    drawn.set(name, key);
  };
  const [first, ...others] = changed;
  if (first !== undefined) rate(first, picture(first));
  const similarities = others.map((name) => [name, picture(name)] as const);
  for (const [name, s] of similarities) {
    await breathe();
    if (request !== latest) return;
    rate(name, s);
  }
  await breathe();
  const key = JSON.stringify(settings);
  if (request !== latest || modelOf.key === key) return;
  scope.postMessage({ kind: "model", ...model.model(settings) });
  modelOf.key = key;
}
