import { katex } from "@mdit/plugin-katex";
// @ts-types="@types/markdown-it"
import MarkdownIt from "markdown-it";
import { InputError } from "../../lib/errors.ts";
import { highlighted } from "./highlight.ts";

/** How formulas are set: with KaTeX's fonts and styles, or as MathML, which needs neither. */
type Formulas = "fonts" | "mathml";

function parser(output: "htmlAndMathml" | "mathml") {
  const markdown = MarkdownIt({ html: true, highlight: highlighted });
  markdown.use(katex as never, {
    output,
    // A character that LaTeX does not know would be set in another font, with no more than a warning.
    logger: () => "error",
    // What is wrong would be set as text, in red.
    transformer(html: string) {
      const [, reason] = /katex-error["'] title=["']([^"']*)/.exec(html) ?? [];
      if (reason !== undefined) throw new InputError(`Cannot set a formula: ${reason}`);
      return html;
    },
  });
  return markdown;
}

const PARSERS = { fonts: parser("htmlAndMathml"), mathml: parser("mathml") };

/** A heading of a page: its level, its text as HTML, and the anchor to link to. */
export interface Heading {
  level: number;
  html: string;
  id: string;
}

/**
 * Turns Markdown into HTML: formulas are set here and now, code is highlighted, headings get ids.
 *
 * @param text The Markdown, with `$…$` and `$$…$$` for formulas.
 * @param taken Ids that are on the page already; those of this text are added.
 * @returns The HTML, and its headings in order.
 * @throws {InputError} If a formula is wrong.
 */
export function renderMarkdown(
  text: string,
  taken: Set<string> = new Set(),
  formulas: Formulas = "fonts",
): { html: string; headings: Heading[] } {
  const markdown = PARSERS[formulas];
  const tokens = markdown.parse(text, {});
  const headings: Heading[] = [];
  tokens.forEach((token, i) => {
    // A wide table scrolls by itself, from the keyboard as well.
    if (token.type === "table_open") token.attrSet("tabindex", "0");
    if (token.type !== "heading_open") return;
    const { content, children } = tokens[i + 1];
    const id = freeId(slug(content), taken);
    token.attrSet("id", id);
    const html = markdown.renderer.render([{ ...tokens[i + 1], children }] as never, {}, {});
    headings.push({ level: Number(token.tag.slice(1)), html, id });
  });
  // So do a wide formula and a long line of code.
  const html = markdown.renderer.render(tokens, markdown.options, {})
    .replaceAll('<span class="katex-display">', '<span class="katex-display" tabindex="0">')
    .replaceAll("<pre><code", '<pre tabindex="0"><code');
  return { html, headings };
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "section";
}

function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}
