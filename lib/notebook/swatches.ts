import { svgElement } from "./svg_element.ts";
import type { Block } from "./text_block.ts";
import { letters } from "./typeset.ts";

/**
 * Draws a legend of categories in one line.
 *
 * @param entries The name and the color of each; a symbol, 16 x 16, where dots have some.
 * @returns The legend.
 */
export function swatches(
  entries: readonly { label: string; color: string; symbol?: Element }[],
): Block {
  const size = 12.5;
  let x = 0;
  const content = entries.flatMap(({ label, color, symbol }) => {
    const parts = [
      symbol === undefined
        ? svgElement("rect", { x, y: 3, width: 12, height: 12, rx: 2, fill: color })
        : svgElement("g", { transform: `translate(${x - 2}, 1)` }, symbol),
      svgElement("text", { x: x + 17, y: 13.5, "font-size": size, "text-anchor": "start" }, label),
    ];
    x += 17 + letters(label) * size * 0.57 + 16;
    return parts;
  });
  return { element: svgElement("g", {}, ...content), height: 24 };
}
