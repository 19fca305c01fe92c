import assert from "node:assert/strict";
import { join } from "node:path";
import { figure1 } from "cosine-lab/notebook";
import { decode, type DecodedPng } from "fast-png";
import { Matrix } from "ml-matrix";
import { codeCells, readNotebook } from "../../tools/notebooks/notebook_file.ts";
import { similarityColors } from "../../lib/notebook/heatmaps.ts";
import { LiveModel } from "../../tools/site/live/live_model.ts";
import { panelPalette, panelPixels } from "../../tools/site/live/panel_pixels.ts";
import {
  type PanelName,
  PANELS,
  PAPER,
  readSettings,
  type Settings,
  writeSettings,
} from "../../tools/site/live/settings.ts";
import { fingerprint } from "../../tools/site/run/fingerprint.ts";
import { folder } from "./built_site.ts";
import { joinLines, type Output } from "../../tools/notebooks/outputs.ts";

const model = new LiveModel(PAPER.seed);
const MODELS = ["whitened", "identity", "inverse", "weightDecay"] as const;
const NAMES = ["D = dMat^{½}", "D = I", "D = dMat^{−½}", "Eq. 2"];

const cellsOf = (name: string) => codeCells(readNotebook(`notebooks/${name}.ipynb`).notebook);

/** Figure 1, drawn of what the live map draws. */
const drawn = (settings: Settings) =>
  figure1(
    NAMES.map((name) => ({ name })),
    MODELS.map((name) => model.similarity(name, settings)),
    model.clusters,
  );

Deno.test("the live map is set as the Figure 1 that is committed, to the last digit of its drawing", async () => {
  const { cell } = cellsOf("03_low_rank_experiment")
    .find(({ code }) => code.includes('title: "Figure 1.'))!;
  const [{ label, ...settings }] = cell.metadata!.live as (Partial<Settings> & { label: string })[];
  const figureOf = async (settings: Settings) => {
    const { svg, description } = drawn(settings);
    const data = { "image/svg+xml": svg, "text/plain": description };
    return await fingerprint([{ output_type: "execute_result", data }]);
  };
  const committed = await fingerprint(cell.outputs as Output[]);
  assert.deepEqual(await figureOf({ ...PAPER, ...settings }), committed, label);
  assert.notDeepEqual(await figureOf({ ...PAPER, denoising: 9_900 }), committed);
});

Deno.test("the first page shows Figure 1 pixel by pixel, with lines between the clusters", () => {
  const colors = similarityColors();
  const pictures = [...drawn(PAPER).svg.matchAll(/href="data:image\/png;base64,([^"]*)"/g)]
    .map(([, base64]) => decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))));
  assert.equal(pictures.length, 1 + MODELS.length);
  const colorAt = ({ data, palette }: DecodedPng, pixel: number) => palette![data[pixel]];
  const html = Deno.readTextFileSync(join(folder, "index.html"));
  (["truth", ...MODELS] as PanelName[]).forEach((name, i) => {
    const [, address] = new RegExp(`data-panel="${name}".*? src="([^"]*)"`).exec(html)!;
    const built = decode(Deno.readFileSync(join(folder, address)));
    const { pixels, side } = panelPixels(
      model.similarity(name, PAPER),
      model.clusters,
      colors.length,
    );
    assert.deepEqual([built.width, built.height], [side, side]);
    const palette = panelPalette(colors);
    let ruled = 0;
    pixels.forEach((color, pixel) => {
      assert.deepEqual(colorAt(built, pixel), palette[color]);
      if (color >= colors.length) ruled++;
      else {
        assert.deepEqual(colorAt(built, pixel), colorAt(pictures[i], pixel), `${name}, ${pixel}`);
      }
    });
    // Four lines across and four down.
    assert.equal(ruled, 8 * side - 16);
  });
});

Deno.test("what the live map says of its presets is printed in the notebooks", () => {
  const digits = (settings: Partial<Settings>, panels: readonly PanelName[]) =>
    panels.map((name) => model.scores(model.similarity(name, { ...PAPER, ...settings })));
  const printed = (name: string) =>
    cellsOf(name).flatMap(({ cell }) => cell.outputs ?? [])
      .map(({ text, data = {} }) => joinLines(text ?? (data["text/plain"] as string[]) ?? ""))
      .join("\n");
  const low = printed("03_low_rank_experiment");
  for (const rank of [5, 50, 400]) {
    const scores = digits({ rank }, MODELS);
    for (const measure of ["auc", "precision"] as const) {
      const text = scores.map((each, i) =>
        `${NAMES[i].replace(/[{}]/g, "")} ${each[measure]!.toFixed(3)}`
      );
      assert(low.includes(text.join(", ")), `k = ${rank}: ${text}`);
    }
  }
  for (const weightDecay of [40, 100]) {
    const [{ auc, precision }] = digits({ weightDecay }, ["weightDecay"]);
    const text = `Eq. 2, λ = ${weightDecay}: AUC ${auc.toFixed(3)}, precision at 10 ${
      precision!.toFixed(3)
    }`;
    assert(low.includes(text), text);
  }
  const full = printed("01_full_rank");
  const [root, ...others] = digits({ rank: 1000 }, ["whitened", "identity", "inverse"]);
  assert.deepEqual(root, { auc: 0.5, precision: undefined });
  others.forEach(({ auc, precision }, i) => {
    const row = [["D = I", "D = dMat^(−½)"][i], auc.toFixed(3), precision!.toFixed(3)].join("\t");
    assert(full.includes(row), row);
  });
});

Deno.test("an AUC of 0.5 has a precision beside it, unless all pairs are tied", () => {
  const tied = Matrix.eye(1000);
  assert.deepEqual(model.scores(tied), { auc: 0.5, precision: undefined });
  // Of two pairs within a cluster, one is above all pairs between clusters and one below.
  const balanced = tied.clone();
  for (const [i, j, value] of [[0, 1, 1], [0, 2, -1]]) {
    balanced.set(i, j, value);
    balanced.set(j, i, value);
  }
  const { auc, precision } = model.scores(balanced);
  assert.equal(auc, 0.5);
  assert(precision! > 0);
});

Deno.test("an address holds the settings that are not the paper's", () => {
  assert.equal(writeSettings(PAPER), "");
  assert.deepEqual(readSettings(""), PAPER);
  const other = { seed: "a & b", rank: 400, denoising: 123, weightDecay: 20, a: -0.35, b: 2 };
  assert.deepEqual(readSettings(writeSettings(other)), other);
  assert.equal(writeSettings({ rank: 5 }), "k=5");
  for (
    const wrong of ["k=1", "k=2.5", "k=", "k=1001", "lambda1=0", "lambda2=x", "a=9", "b=NaN", "?"]
  ) {
    assert.deepEqual(readSettings(wrong), PAPER, wrong);
  }
  assert.equal(PANELS.length, 6);
});
