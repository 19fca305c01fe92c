/**
 * What the cells of a notebook use, as far as a browser has it: figures, heatmaps, tables, the
 * slider, the progress bar. Pictures show themselves as SVG here.
 *
 * @module
 */
export { type CardOptions, document, figure, labeledMatrix, palette } from "./figure.ts";
export { Picture } from "./picture.ts";
export {
  figure1,
  heatmaps,
  type HeatmapsOptions,
  type Panel,
  similarityScale,
} from "./heatmaps.ts";
export { type ProgressBar, progressBar } from "./progress_bar.ts";
export {
  type InteractiveFigure,
  scalingSlider,
  type ScalingSliderOptions,
} from "./scaling_slider.ts";
export { formatError, type Table, table } from "./table.ts";
