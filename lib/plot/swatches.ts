import { svgElement } from "./svg_document.ts";
import type { Block } from "./text_block.ts";
import { plainText } from "./typeset.ts";

/**
 * Draws a legend of categories in one line.
 *
 * @param entries The name and the color of each.
 * @returns The legend.
 */
export function swatches(entries: readonly { label: string; color: string }[]): Block {
  const size = 12.5;
  let x = 0;
  const content = entries.flatMap(({ label, color }) => {
    const parts = [
      svgElement("rect", { x, y: 3, width: 12, height: 12, rx: 2, fill: color }),
      svgElement("text", { x: x + 17, y: 13.5, "font-size": size, "text-anchor": "start" }, label),
    ];
    x += 17 + plainText(label).length * size * 0.57 + 16;
    return parts;
  });
  return { element: svgElement("g", {}, ...content), height: 24 };
}
