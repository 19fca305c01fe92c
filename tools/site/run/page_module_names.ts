/** The modules that a cell can import in a page. */
export const PAGE_MODULES = [
  "@observablehq/plot",
  "cosine-lab",
  "cosine-lab/arbitrariness",
  "cosine-lab/evaluation",
  "cosine-lab/networks",
  "cosine-lab/notebook",
  "cosine-lab/remedies",
  "cosine-lab/training",
  "ml-matrix",
  "seedrandom",
] as const;

/** One of them. */
export type PageModule = typeof PAGE_MODULES[number];

/** The command, in a clone, that runs what a page cannot. */
export const LOCAL_COMMAND = "npx -y deno@2.9.6 task lab";

/** An error that says what a page does not have, and where to have it. */
export function notHere(what: string): Error {
  const error = new Error(
    `A page has no ${what}: in a clone of the project, "${LOCAL_COMMAND}" runs this cell`,
  );
  error.name = "Not in a page";
  return error;
}

/**
 * What a notebook needs that a page does not have.
 *
 * @param code The code of its cells.
 * @returns The names, such as "nodejs-polars"; none if the notebook runs in a page.
 */
export function missingInPage(code: string): string[] {
  const imported = [...code.matchAll(/^\s*(?:import|\} from)\b[^"'\n]*["']([^"']+)["']/gm)]
    .map(([, specifier]) => specifier)
    .filter((specifier) => !(PAGE_MODULES as readonly string[]).includes(specifier));
  return [...new Set([...imported, ...(/\bDeno\./.test(code) ? ["Deno"] : [])])];
}
