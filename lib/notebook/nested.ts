/**
 * Makes a plot a part of a larger drawing. Plot's own style sheet is for HTML, and would leak out
 * of the figure.
 *
 * @param element The plot, which is changed.
 * @returns The same element.
 */
export function nested(element: Element): Element {
  for (const style of [...element.querySelectorAll("style")]) style.remove();
  element.removeAttribute("class");
  element.setAttribute("overflow", "visible");
  return element;
}
