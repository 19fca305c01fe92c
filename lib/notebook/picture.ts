import { OperationalError } from "../errors.ts";
import { assertNumber, assertString } from "../check.ts";
/** Draws an SVG as a PNG file, `scale` pixels to one of its own; one that is named carries its digest. */
type Rasterizer = (svg: string, scale: number, named?: boolean) => Uint8Array;

let rasterizer: Rasterizer | undefined;

/** Says what draws pictures as PNG: `rasterize.ts` does, which a browser cannot load. */
export function setRasterizer(rasterize: Rasterizer): void {
  rasterizer = rasterize;
}

/**
 * A picture that shows itself as the result of a notebook's cell.
 *
 * In a notebook it is a PNG of twice its size, with its title and caption as text beside it: GitHub,
 * JupyterLab before a notebook is trusted, and older exporters show an SVG distorted or not at all.
 * The SVG is there for everything else; in a browser it is what the picture shows itself as.
 *
 * @example
 * ```ts
 * import { document, figure } from "cosine-lab/notebook";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const line = Plot.plot({ document, marks: [Plot.lineY([1, 2])] });
 * const picture = figure(line, { title: "A line", caption: "Of two points." });
 * assert(picture.svg.startsWith("<svg"));
 * assert(picture.toPNG().length > 0);
 * ```
 */
export class Picture {
  /** The picture. */
  readonly svg: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;

  /**
   * @param svg The picture, a whole SVG document.
   * @param description What it shows.
   * @throws {TypeError} If one of them is not a string.
   */
  constructor(svg: string, description: string) {
    assertString("make a picture", "svg", svg);
    assertString("make a picture", "description", description);
    this.svg = svg;
    this.description = description;
  }

  /**
   * Draws the picture as a PNG, with a font that is the same on every machine.
   *
   * @param scale How many pixels there are to one of the picture, between 0.1 and 10.
   * @returns The PNG file.
   * @throws {TypeError} If scale is not a number.
   * @throws {RangeError} If it is out of bounds.
   * @throws {Error} If the font is not installed, without which all text would be missing; or in a
   * browser, where there is nothing to draw it with.
   */
  toPNG(scale = 2): Uint8Array {
    assertNumber("draw a picture", "scale", scale, 0.1, 10);
    if (rasterizer === undefined) {
      throw new OperationalError(
        "Cannot draw a PNG: a browser shows the SVG itself, which is `picture.svg`",
      );
    }
    return rasterizer(this.svg, scale);
  }

  /** The address of the picture in itself: a PNG, or in a browser the SVG. */
  toDataURL(scale = 2): string {
    return rasterizer === undefined
      ? `data:image/svg+xml;base64,${encodeBase64(new TextEncoder().encode(this.svg))}`
      : `data:image/png;base64,${encodeBase64(this.toPNG(scale))}`;
  }

  /**
   * What the Deno kernel shows, and a page that runs cells. The PNG carries the SHA-256 of the SVG, so
   * that the page, which draws the same SVG again, can tell.
   */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const text = { "text/plain": this.description };
    return rasterizer === undefined
      ? { "image/svg+xml": this.svg, ...text }
      : { "image/png": encodeBase64(rasterizer(this.svg, 2, true)), ...text };
  }
}

/** Encodes bytes in base64. */
export function encodeBase64(bytes: Uint8Array): string {
  let characters = "";
  // In parts, because the number of arguments of a function is limited.
  for (let start = 0; start < bytes.length; start += 8192) {
    characters += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(characters);
}
