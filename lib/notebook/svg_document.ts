import { parseHTML } from "linkedom";

/** The document in which figures are drawn: Plot needs one, and Deno has none. */
export const svgDocument: Document = (parseHTML("<html><body></body></html>") as unknown as {
  document: Document;
}).document;

/**
 * Creates an SVG element.
 *
 * @param name The element's tag.
 * @param attributes Its attributes.
 * @param children Its content: elements, or text.
 * @returns The element, in no tree yet.
 */
export function svgElement(
  name: string,
  attributes: Record<string, string | number>,
  ...children: (Element | string)[]
): Element {
  const element = svgDocument.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  for (const child of children) {
    element.appendChild(typeof child === "string" ? svgDocument.createTextNode(child) : child);
  }
  return element;
}
