import { parseHTML } from "linkedom";

/** The document in which Plot draws: it needs one, and outside a browser there is none. */
export const document: Document = (parseHTML("<html><body></body></html>") as unknown as {
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
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  for (const child of children) {
    element.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
  return element;
}

/** The text with sub- and superscripts as one types them: `dMat^{1/2}` becomes `dMat^(1/2)`. */
export function plainText(text: string): string {
  return text.replace(
    /([_^])\{([^}]*)\}/g,
    (_, mark, content) => mark + (content.length === 1 ? content : `(${content})`),
  );
}

/** How many letters of a text are seen. */
export function letters(text: string): number {
  return text.replace(/[_^]\{([^}]*)\}/g, "$1").length;
}

/** Sub- and superscripts in a text: `_{…}` and `^{…}`. */
const script = /([_^])\{([^}]*)\}/;

/**
 * Turns `_{…}` and `^{…}` in all texts of a drawing into sub- and superscripts.
 *
 * @param drawing The element whose texts are set; it is changed in place.
 *
 * @example
 * ```ts
 * import { svgElement } from "./document.ts";
 * import { typeset } from "./document.ts";
 * import assert from "node:assert/strict";
 *
 * const text = svgElement("text", {}, "B = V_{k}");
 * typeset(text);
 * assert.equal(text.textContent, "B = Vk");
 * ```
 */
export function typeset(drawing: Element): void {
  for (const node of [...drawing.childNodes]) {
    if (node.nodeType === 1) typeset(node as Element);
    else if (node.nodeType === 3 && script.test(node.textContent ?? "")) {
      const isLine = drawing.tagName.toLowerCase() === "tspan";
      node.parentNode!.replaceChild(spans(node.textContent!, isLine), node);
    }
  }
}

/**
 * One tspan for the whole, with a smaller and shifted one for each script. A line of several has a
 * shift of its own, which one at its first letter would replace.
 */
function spans(text: string, isLine: boolean): Element {
  const whole = svgElement("tspan", {});
  let shift = 0;
  const add = (content: string, level: number) => {
    if (content === "") return;
    const attributes: Record<string, string> = { dy: `${(level - shift).toFixed(2)}em` };
    if (isLine && level === shift) delete attributes.dy;
    if (level !== 0) attributes["font-size"] = "75%";
    // The shift is in units of the element's own font, which is smaller in a script.
    if (level === 0 && shift !== 0) attributes.dy = `${(-shift * 0.75).toFixed(2)}em`;
    whole.appendChild(svgElement("tspan", attributes, content));
    shift = level;
  };
  let rest = text;
  for (let match = script.exec(rest); match !== null; match = script.exec(rest)) {
    add(rest.slice(0, match.index), 0);
    add(match[2], match[1] === "_" ? 0.3 : -0.5);
    rest = rest.slice(match.index + match[0].length);
  }
  add(rest, 0);
  return whole;
}
