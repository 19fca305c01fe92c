import { svgElement } from "./svg_element.ts";
import { letters } from "./typeset.ts";

/** How a block of text looks. */
export interface TextStyle {
  /** The width at which lines are broken, in pixels. */
  width: number;
  /** The size of the font, in pixels. */
  size: number;
  color?: string;
  weight?: "normal" | "bold";
}

/** A drawing and its height in pixels. */
export interface Block {
  element: Element;
  height: number;
}

/** The mean width of a letter in units of the font's size, for the widest font in use. */
const LETTER = 0.57;

/**
 * Sets a text in lines of a given width.
 *
 * @param text The text; `\n` starts a new line.
 * @param style How it looks.
 * @returns The block of text.
 */
export function textBlock(text: string, style: TextStyle): Block {
  const { width, size, color = "#1f2328", weight = "normal" } = style;
  const limit = Math.floor(width / (size * LETTER * (weight === "bold" ? 1.1 : 1)));
  const lines = text.split("\n").flatMap((paragraph) => breakLines(paragraph, limit));
  const pitch = size * 1.4;
  const element = svgElement(
    "text",
    { "font-size": size, "font-weight": weight, fill: color, "text-anchor": "start" },
    ...lines.map((line, i) => svgElement("tspan", { x: 0, y: size + i * pitch }, line)),
  );
  return { element, height: lines.length * pitch };
}

function breakLines(paragraph: string, limit: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && letters(`${line} ${word}`) > limit) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
