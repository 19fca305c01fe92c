/**
 * The live map of the first page: sliders, buttons and the address ask a worker for pictures.
 *
 * @module
 */
import type { Scores } from "./live_model.ts";
import type { Answer, Request } from "./live_worker.ts";
import { panelPalette } from "./panel_pixels.ts";
import {
  type NumberName,
  panelKey,
  type PanelName,
  PAPER,
  readSettings,
  SCALES,
  type Settings,
  writeSettings,
} from "./settings.ts";

const map = document.querySelector<HTMLElement>(".map")!;
const stage = map.querySelector<HTMLElement>(".stage")!;
const panels = [...map.querySelectorAll<HTMLElement>("[data-panel]")];
const inputs = [...map.querySelectorAll<HTMLInputElement>("input[type=range]")];
const buttons = [...map.querySelectorAll<HTMLButtonElement>("button[data-settings]")];
const colors: number[][] = JSON.parse(document.getElementById("colors")!.textContent!);
const palette = panelPalette(colors);
const worker = new Worker(new URL("live_worker.js", import.meta.url), { type: "module" });

let settings: Settings = readSettings(location.hash.slice(1));
/** What the site was built with stands on the page until this page has computed the same. */
let comparing = writeSettings(settings) === "";
const began = performance.now();

const settingsOf = (button: HTMLButtonElement): Partial<Settings> =>
  JSON.parse(button.dataset.settings!);

function show(): void {
  for (const input of inputs) {
    const name = input.name as NumberName;
    const text = settings[name].toLocaleString("en", { maximumFractionDigits: 2 });
    (input.nextElementSibling as HTMLOutputElement).value = text;
    input.setAttribute("aria-valuetext", text);
  }
  for (const button of buttons) {
    const chosen = Object.entries(settingsOf(button)).every(([name, value]) =>
      settings[name as keyof Settings] === value
    );
    button.setAttribute("aria-pressed", String(chosen));
  }
}

/** What each panel shows: at first, what the site was built with. */
const shown = new Map(panels.map(({ dataset }) => {
  const name = dataset.panel as PanelName;
  return [name, panelKey(name, PAPER)];
}));

function ask(): void {
  show();
  for (const [name, key] of shown) {
    panel(name).toggleAttribute("data-stale", panelKey(name, settings) !== key);
  }
  map.dataset.state = "working";
  worker.postMessage({ settings: { ...settings }, colors: colors.length } satisfies Request);
}

/** Takes settings that do not come from a slider, and moves the sliders there. */
function set(chosen: Settings): void {
  settings = chosen;
  for (const input of inputs) {
    const name = input.name as NumberName;
    input.value = String(SCALES[name].positionOf(settings[name]));
  }
  if (writeSettings(settings) !== "") comparing = false;
  ask();
}

for (const input of inputs) {
  const name = input.name as NumberName;
  input.addEventListener("input", () => {
    comparing = false;
    settings = { ...settings, [name]: SCALES[name].valueAt(Number(input.value)) };
    ask();
  });
}

for (const button of buttons) {
  button.addEventListener("click", () => set({ ...settings, ...settingsOf(button) }));
}

addEventListener("hashchange", () => set(readSettings(location.hash.slice(1))));

/** The address leads to what is on the screen. */
function updateAddress(): void {
  const hash = writeSettings(settings);
  if (hash === location.hash.slice(1)) return;
  history.replaceState(null, "", hash === "" ? location.pathname : `#${hash}`);
}

function panel(name: string): HTMLElement {
  return panels.find(({ dataset }) => dataset.panel === name)!;
}

/** The canvas of a panel, in place of the picture that the site was built with. */
function canvasOf(panel: HTMLElement, side: number): HTMLCanvasElement {
  const known = panel.querySelector("canvas");
  if (known !== null) return known;
  const canvas = document.createElement("canvas");
  const built = panel.querySelector("img")!;
  canvas.width = canvas.height = side;
  canvas.role = "img";
  canvas.ariaLabel = built.alt;
  built.replaceWith(canvas);
  return canvas;
}

function draw(name: string, pixels: Uint8Array, side: number): void {
  const data = new Uint8ClampedArray(4 * pixels.length);
  pixels.forEach((color, i) => data.set([...palette[color], 255], 4 * i));
  canvasOf(panel(name), side).getContext("2d")!.putImageData(new ImageData(data, side, side), 0, 0);
}

function rate(name: string, { auc, precision }: Scores): void {
  const { dataset } = panel(name);
  const fresh = `${auc} ${precision}`;
  if (dataset.built !== fresh) dataset.changed = "";
  else delete dataset.changed;
  dataset.auc = String(auc);
  panel(name).querySelector("output")!.innerHTML = `AUC ${auc.toFixed(3)}<br>P@10 ${
    precision?.toFixed(3) ?? "all tied"
  }`;
}

function fact(name: string, text: string): void {
  map.querySelector(`[data-fact=${name}]`)!.textContent = text;
}

function settle(): void {
  map.dataset.state = "settled";
  updateAddress();
  if (!comparing) {
    stage.textContent = "";
    return;
  }
  comparing = false;
  const same = panels.every(({ dataset }) => dataset.changed === undefined);
  map.dataset.same = String(same);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  stage.textContent = same
    ? `Computed anew in this page, in ${seconds} s: the same numbers, to the last digit, as when ` +
      "the site was built."
    : "Computed anew in this page: the numbers are not those that the site was built with.";
}

worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
  switch (data.kind) {
    case "stage":
      stage.textContent = comparing
        ? `Computed when the site was built. Anew in this page: ${data.text}`
        : data.text[0].toUpperCase() + data.text.slice(1);
      break;
    case "panel":
      draw(data.name, data.pixels, data.side);
      break;
    case "scores":
      rate(data.name, data.scores);
      shown.set(data.name, data.key);
      panel(data.name).toggleAttribute("data-stale", panelKey(data.name, settings) !== data.key);
      break;
    case "model":
      fact("loss", data.loss.toLocaleString("en", { maximumFractionDigits: 1 }));
      fact(
        "difference",
        data.difference < 1e-12 ? "less than 10⁻¹²" : data.difference.toExponential(1),
      );
      fact("dimensions", String(data.dimensions));
      break;
    case "settled":
      settle();
  }
});

worker.addEventListener("error", ({ message }) => {
  map.dataset.state = "failed";
  stage.textContent = `The map could not be computed: ${
    message || "its script could not be loaded"
  }`;
});

if (comparing) ask();
else {
  set(settings);
  map.scrollIntoView();
}
