import { document } from "./document.ts";

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
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  for (const child of children) {
    element.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
  return element;
}
