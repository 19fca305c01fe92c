import { escapeHtml } from "../../html.ts";

/** A list of sentences. */
export function htmlList(items: readonly string[], tag: "ul" | "ol" = "ul"): string {
  return `<${tag}>${items.map((item) => `<li>${htmlSentence(item)}</li>`).join("")}</${tag}>`;
}

/** A sentence in which what stands between backticks is code, and numbers stay with their units. */
export function htmlSentence(sentence: string): string {
  return escapeHtml(sentence).replace(/`([^`]*)`/g, "<code>$1</code>")
    .replace(/(?<=\d) %/g, "&nbsp;%").replaceAll("± ", "±&nbsp;");
}

/** A table; its cells are HTML already. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table><thead>${cells("th", head)}</thead><tbody>${
    rows.map((row) => cells("td", row)).join("\n")
  }</tbody></table></div>`;
}
