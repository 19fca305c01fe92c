import { escapeHtml } from "../html.ts";

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

/** How the page looks: it follows the reader's choice of light or dark, and any width. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --page: #f6f8fa; --card: #fff;
  --line: #d1d9e0; --blue: #0072b2; --orange: #b84a00; --green: #00795a; --purple: #a3417f;
  --sky: #3d93c7; --grey: #818b98; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b3; --page: #0d1117;
  --card: #161b22; --line: #3d444d; --blue: #56b4e9; --orange: #f08a3c; --green: #2fbf95;
  --purple: #e08abf; --sky: #7cc4ee; --grey: #818b98; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
  color: var(--text); background: var(--page); overflow-wrap: break-word; }
main { max-width: 1000px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 36px 0 8px; }
h3 { font-size: 16px; margin: 0 0 6px; }
p { margin: 4px 0 10px; }
ul { margin: 4px 0; padding-left: 20px; }
li { margin: 4px 0; }
.soft, figcaption { color: var(--soft); font-size: 14px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 14px 18px; }
.verdict { border-left: 8px solid var(--accent); margin: 16px 0; }
.verdict .headline { font-size: 20px; line-height: 1.4; margin: 6px 0; }
.level { color: var(--accent); font-weight: 700; letter-spacing: 0.02em; }
.flag { display: inline-block; border: 1px solid var(--line); border-radius: 99px; padding: 1px 10px;
  margin: 2px 4px 2px 0; font-size: 14px; }
.file { margin-bottom: 14px; }
.sides { display: grid; gap: 14px; grid-template-columns: 2fr 3fr; grid-template-rows: auto 1fr; }
.measured { grid-column: 2; grid-row: 1 / 3; }
.two { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); }
.sides li { font-size: 15px; }
code { white-space: nowrap; }
.group td { color: var(--soft); padding-top: 12px; }
figure { margin: 0; }
figure svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--text); font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; }
svg .axis { stroke: var(--line); } svg .soft { fill: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 5px 10px 5px 0; text-align: left;
  vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
td.number { text-align: right; white-space: nowrap; }
.bars td { vertical-align: middle; }
.bars .bar { min-width: 120px; width: 46%; }
.track { position: relative; height: 14px; background: var(--page); border-radius: 3px; }
.fill { position: absolute; inset: 0 auto 0 0; border-radius: 3px; }
.error { position: absolute; top: 6px; height: 2px; background: var(--text); opacity: 0.65; }
.measure { background: var(--grey); } .member { background: var(--orange); }
.correction { background: var(--sky); } .invariant { background: var(--green); }
.storage { background: var(--purple); }
details { margin-top: 14px; } summary { cursor: pointer; font-weight: 600; }
@media (max-width: 700px) { .two, .sides { display: block; } .two > *, .sides > * {
  margin-bottom: 14px; } }
@media (max-width: 420px) { .card { padding: 12px; }
  h1 { font-size: 23px; } .verdict .headline { font-size: 18px; } .bars .bar { min-width: 70px; } }
@media print { body { background: #fff; } .card { break-inside: avoid; } }
`;
