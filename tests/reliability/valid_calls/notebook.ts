import * as Plot from "@observablehq/plot";
import { document, Picture } from "cosine-lab/notebook";
import { folder } from "./files.ts";
import { autoencoder, labels, s, svd, x } from "./sample.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

const plot = Plot.plot({ document, marks: [Plot.lineY([1, 2])] });
const small = new Picture('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "");
const texts = { title: "A line", caption: "Of two points." };

/** A call of everything that `cosine-lab/notebook` exports. */
export const notebook: Record<string, ValidCall> = {
  "Picture#toPNG": call(small, 1),
  Picture: call(small.svg, "nothing"),
  cachedTraining: withOptions({ ...autoencoder, folder, retrain: false }, x),
  figure: withOptions({ ...texts, width: 400 }, plot),
  figure1: call([{ name: "One", formula: "of one" }], [s], labels),
  formatError: call(0.1, 1e-12),
  heatmaps: withOptions({
    ...texts,
    clusters: labels,
    width: 400,
    resolution: 100,
    columns: 1,
    every: 1,
    domain: [-1, 1],
    label: "cosine",
  }, [{ similarity: s, title: "One", subtitle: "of one" }]),
  labeledMatrix: withOptions({ ...texts, width: 400 }, s, [..."abcdefgh"]),
  progressBar: call("Waiting"),
  scalingSlider: withOptions(
    { ...texts, items: 4, alphas: [0], ranks: [2] },
    svd.V,
    svd.sigma,
    labels,
  ),
  table: call([{ model: "one", value: 0.5 }], 2),
};
