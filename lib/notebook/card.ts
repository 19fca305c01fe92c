import { Picture } from "./picture.ts";
import { svgElement } from "./svg_element.ts";
import { type Block, textBlock } from "./text_block.ts";
import { plainText, typeset } from "./typeset.ts";

/** What surrounds a drawing. */
export interface CardOptions {
  /** The width of the figure in pixels. @default {940} */
  width?: number;
  /** What the figure shows, above it. */
  title?: string;
  /** How to read it, below it. */
  caption?: string;
}

/** The margin of a card, in pixels. */
export const MARGIN = 16;

/** The width of a figure where none is given, in pixels: that of a notebook's output. */
export const FIGURE_WIDTH = 940;

/** The width that a drawing may take in a figure of the given width, in pixels. */
export function innerWidth(width: number = FIGURE_WIDTH): number {
  return width - 2 * MARGIN;
}

/**
 * Puts drawings below each other on a white card with a title and a caption: readable in a light
 * and in a dark theme alike.
 *
 * Coordinates are rounded to a hundredth of a pixel, so that the last digits of another machine
 * leave the figure as it is.
 *
 * @param drawings The drawings, from top to bottom.
 * @param options Title, caption and width.
 * @returns The figure.
 */
export function card(drawings: readonly Block[], options: CardOptions): Picture {
  const { width = FIGURE_WIDTH, title, caption } = options;
  const text = { width: innerWidth(width) };
  const blocks = [
    ...(title ? [textBlock(title, { ...text, size: 16, weight: "bold" }), gap(8)] : []),
    ...drawings,
    ...(caption ? [gap(8), textBlock(caption, { ...text, size: 12.5, color: "#57606a" })] : []),
  ];
  const content: Element[] = [];
  let y = MARGIN;
  for (const { element, height } of blocks) {
    content.push(svgElement("g", { transform: `translate(${MARGIN},${y})` }, element));
    y += height;
  }
  const height = Math.ceil(y + MARGIN);
  const root = svgElement(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      "font-family": "system-ui, 'DejaVu Sans', sans-serif",
      fill: "#1f2328",
      color: "#1f2328",
      style: "max-width:100%;height:auto",
      role: "img",
    },
    svgElement("rect", { width, height, rx: 8, fill: "#ffffff" }),
    ...content,
  );
  typeset(root);
  roundCoordinates(root);
  const description = [title, caption].filter((part) => part).join("\n");
  return new Picture(root.outerHTML, plainText(description));
}

function gap(height: number): Block {
  return { element: svgElement("g", {}), height };
}

function roundCoordinates(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    if (name === "href" || name === "xlink:href") continue;
    const rounded = value.replace(
      /-?\d+\.\d{3,}(e-?\d+)?/g,
      (n: string) => String(+Number(n).toFixed(2)),
    );
    if (rounded !== value) element.setAttribute(name, rounded);
  }
  for (const child of element.children) roundCoordinates(child);
}
