/**
 * Makes every polars DataFrame show itself as HTML and text, from the moment at which this is imported.
 *
 * @module
 */
import { createRequire } from "node:module";
import type { DataFrame } from "nodejs-polars";
import "nodejs-polars";

// Polars gives its frames a second display, which VS Code prefers to HTML and then does not show. Every frame is made by one function, so replacing that function covers frames of a reader's cells.
const DISPLAY = Symbol.for("Jupyter.display");
for (const [path, module] of Object.entries(createRequire(import.meta.url).cache)) {
  if (!/nodejs-polars[\\/]bin[\\/]dataframe\.js$/.test(path)) continue;
  const make: (native: unknown) => DataFrame = module!.exports._DataFrame;
  module!.exports._DataFrame = (native: unknown) => {
    const frame = make(native);
    const value = () => ({
      "text/html": frame.limit(SHOWN_ROWS).toHTML(),
      "text/plain": frame.toString(),
    });
    return Object.defineProperty(frame, DISPLAY, { value, configurable: true });
  };
}

/** How many rows a cell shows of a frame; polars shows as many. */
const SHOWN_ROWS = 50;
