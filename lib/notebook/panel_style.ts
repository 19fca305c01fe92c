/**
 * What Figure 1 and the site's live map draw alike. A page imports this file, and no library of plots.
 *
 * @module
 */

/** Every fourth item is drawn, a pixel for each pair: of the paper's 1,000 items 250 x 250 pixels. */
export const DRAWN_EVERY = 4;

/** The line between two clusters. */
export const CLUSTER_LINE = { stroke: "#1f2328", strokeOpacity: 0.55 };
