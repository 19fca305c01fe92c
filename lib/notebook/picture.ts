import { assertString } from "../check/assert_string.ts";
import { assertNumber } from "../check/assert_number.ts";
import { Resvg } from "@resvg/resvg-js";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeBase64 } from "./encode_base64.ts";
import { encodePng } from "./encode_png.ts";

/**
 * A picture that shows itself as the result of a notebook's cell.
 *
 * In a notebook it is a PNG of twice its size, with its title and caption as text beside it: GitHub,
 * JupyterLab before a notebook is trusted, and older exporters show an SVG distorted or not at all.
 * The SVG is there for everything else.
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
   * @throws {Error} If the font is not installed, without which all text would be missing.
   */
  toPNG(scale = 2): Uint8Array {
    assertNumber("draw a picture", "scale", scale, 0.1, 10);
    // What browsers call pixelated is optimizeSpeed to resvg.
    const svg = this.svg.replaceAll('"pixelated"', '"optimizeSpeed"');
    const { width, height, pixels } = new Resvg(svg, {
      fitTo: { mode: "zoom", value: scale },
      font: {
        loadSystemFonts: false,
        fontFiles: [fontFile("DejaVuSans"), fontFile("DejaVuSans-Bold")],
        defaultFontFamily: "DejaVu Sans",
      },
    }).render();
    return encodePng({ width, height, data: pixels });
  }

  /** What the Deno kernel shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "image/png": encodeBase64(this.toPNG()), "text/plain": this.description };
  }
}

/** The path of a font's file. Resvg leaves text out without a word where there is no such file. */
function fontFile(name: string): string {
  const path = fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
  if (!existsSync(path)) {
    throw new Error(
      `Cannot draw a PNG: the font file ${path} is missing, "deno install" brings it back`,
    );
  }
  return path;
}
