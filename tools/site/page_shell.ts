import { escapeHtml } from "../../lib/html.ts";

/** What a page of the site is made of. */
interface Page {
  /** The title, plain text. */
  title: string;
  /** One sentence for search engines and previews. */
  description: string;
  /** The content of `<main>`, HTML. */
  body: string;
  /** The way to the root of the site, "" or "../": all links are relative. */
  root: string;
  /** Which entry of the navigation this is. */
  here: "home" | "notebooks" | "audit" | "library";
  /** Scripts to load as modules, relative to the root. */
  scripts?: readonly string[];
  /** What `data-state` of `<main>` starts with, where the page can do something. */
  state?: string;
  /** More for the head, such as a policy; HTML. */
  head?: string;
}

const NAVIGATION = [
  { here: "home", label: "cosine-lab", href: "index.html" },
  { here: "notebooks", label: "Notebooks", href: "notebooks/index.html" },
  { here: "audit", label: "Audit", href: "audit/index.html" },
  { here: "library", label: "Library", href: "library/index.html" },
] as const;

/**
 * A whole page around a content: head, navigation and footer.
 *
 * @param page What it is made of.
 * @returns The HTML document.
 */
export function pageShell(page: Page): string {
  const { title, description, body, root, here, scripts = [], state, head = "" } = page;
  const links = NAVIGATION.map((entry) =>
    `<a href="${root}${entry.href}"${entry.here === here ? ' aria-current="page"' : ""}>` +
    `${entry.label}</a>`
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(description)}">
${head}<link rel="icon" href="${root}assets/icon.svg" type="image/svg+xml">
${
    // Formulas are set already; only where there are any does a page need their fonts.
    body.includes('class="katex-html')
      ? `<link rel="stylesheet" href="${root}assets/katex/katex.min.css">\n`
      : ""}<link rel="stylesheet" href="${root}assets/site.css">
${scripts.map((src) => `<script type="module" src="${root}${src}"></script>\n`).join("")}</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><nav aria-label="Site">${links.join("\n")}</nav></header>
<main id="content"${state === undefined ? "" : ` data-state="${state}"`}>
${body}
</main>
<footer>
<p>The reference reproduction of Steck, Ekanadham and Kallus, <cite>Is Cosine-Similarity of
Embeddings Really About Similarity?</cite> (2024). MIT licence.</p>
</footer>
</body>
</html>
`;
}

/**
 * The policy of a page that computes: scripts and styles come with the site, workers are made of
 * scripts that the page holds, so that the policy is theirs as well, and nothing goes anywhere else.
 *
 * @param connect Where the page may read from: nowhere, or the site itself.
 * @returns The element for the head of the page.
 */
export function contentPolicy(connect: "'none'" | "'self'"): string {
  const policy = [
    "default-src 'none'",
    `connect-src ${connect}`,
    "script-src 'self' 'wasm-unsafe-eval' blob:",
    "worker-src blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "frame-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  return `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`;
}
