import assert from "node:assert/strict";
import { renderMarkdown } from "../../tools/site/render_markdown.ts";

Deno.test("renderMarkdown: a formula that is wrong, or has a character LaTeX does not know, is an error", () => {
  assert.match(renderMarkdown("$a = \\tfrac12$").html, /katex/);
  assert.throws(() => renderMarkdown("$a = ½$"), /½/);
  assert.throws(() => renderMarkdown("$\\frac{1$"), /Unexpected end/);
});
