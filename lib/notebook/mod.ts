/**
 * What the cells of a notebook use: figures, heatmaps, tables, the slider, the progress bar.
 *
 * @module
 */
export { cachedTraining, type CachedTrainingOptions } from "./cached_training.ts";
export { formatError } from "./format_error.ts";
export { type CardOptions, figure, palette } from "./figure.ts";
export { document } from "./document.ts";
export { figure1 } from "./figure1.ts";
export { Picture } from "./picture.ts";
export { heatmaps, type HeatmapsOptions, type Panel } from "./heatmaps.ts";
export { labeledMatrix } from "./labeled_matrix.ts";
export { type ProgressBar, progressBar } from "./progress_bar.ts";
export {
  type InteractiveFigure,
  scalingSlider,
  type ScalingSliderOptions,
} from "./scaling_slider.ts";
export { table } from "./table.ts";
