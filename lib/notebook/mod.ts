/**
 * What the cells of a notebook use: figures, heatmaps, tables, the slider, the progress bar.
 *
 * @module
 */
import "./frames.ts";
import "./rasterize.ts";

export * from "./browser.ts";
export { cachedTraining, type CachedTrainingOptions } from "./cached_training.ts";
