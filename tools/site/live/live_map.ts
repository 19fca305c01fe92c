/**
 * The live map of the first page: sliders and buttons ask a worker for pictures.
 *
 * @module
 */
import { power } from "../../../lib/math/elementary.ts";
import { type Answer, PAPER, type Request, type Settings } from "./messages.ts";

const SIDE = 250;

const map = document.querySelector<HTMLElement>(".map")!;
const stage = map.querySelector<HTMLElement>(".stage")!;
const inputs = [...map.querySelectorAll<HTMLInputElement>("input[type=range]")];
const buttons = [...map.querySelectorAll<HTMLButtonElement>("button[data-settings]")];
const colors: number[][] = JSON.parse(document.getElementById("colors")!.textContent!);
const worker = new Worker(new URL("live_worker.js", import.meta.url), { type: "module" });

const settings: Settings = { ...PAPER };
/** These sliders are on a logarithmic scale. */
const LOGARITHMIC = ["denoising", "weightDecay"];

function valueOf({ name, value }: HTMLInputElement): number {
  return LOGARITHMIC.includes(name)
    ? Number((power(10, Number(value))).toPrecision(3))
    : Number(value);
}

const settingsOf = (button: HTMLButtonElement): Partial<Settings> =>
  JSON.parse(button.dataset.settings!);

function show(): void {
  for (const input of inputs) {
    const value = settings[input.name as keyof Settings];
    const text = value.toLocaleString("en", { maximumFractionDigits: 2 });
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

function ask(): void {
  show();
  map.dataset.state = "working";
  worker.postMessage({ settings: { ...settings }, colors, side: SIDE } satisfies Request);
}

for (const input of inputs) {
  input.addEventListener("input", () => {
    settings[input.name as keyof Settings] = valueOf(input);
    ask();
  });
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    for (const [name, value] of Object.entries(settingsOf(button))) {
      settings[name as keyof Settings] = value;
      inputs.find((input) => input.name === name)!.value = String(value);
    }
    ask();
  });
}

function panel(name: string): HTMLElement {
  return map.querySelector<HTMLElement>(`[data-panel=${name}]`)!;
}

function fact(name: string, text: string): void {
  map.querySelector(`[data-fact=${name}]`)!.textContent = text;
}

worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
  switch (data.kind) {
    case "stage":
      stage.textContent = data.text;
      break;
    case "panel": {
      const context = panel(data.name).querySelector("canvas")!.getContext("2d")!;
      context.putImageData(new ImageData(data.pixels, SIDE, SIDE), 0, 0);
      if (data.name !== "truth") stage.textContent = "";
      break;
    }
    case "auc":
      panel(data.name).dataset.auc = String(data.auc);
      panel(data.name).querySelector("output")!.textContent = `AUC ${data.auc.toFixed(3)}`;
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
      map.dataset.state = "settled";
  }
});

worker.addEventListener("error", ({ message }) => {
  stage.textContent = `The map could not be computed: ${message}`;
});

ask();
