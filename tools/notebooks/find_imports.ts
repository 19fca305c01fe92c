/** One `import … from "…"` statement of a cell. */
export interface ImportStatement {
  specifier: string;
  /** What it brings in, one entry per local name; empty for `import "…"`. */
  bindings: ImportBinding[];
  /** Where it starts and ends in the code. */
  start: number;
  end: number;
}

/** One name that an import statement brings in. */
export interface ImportBinding {
  /** The name in the module: "default" for a default import, "*" for the namespace. */
  imported: string;
  local: string;
  /** Whether it is imported as a type, and so does not exist when the code runs. */
  isType: boolean;
}

// Comments, template strings and strings come first: what looks like an import in them is none.
const TOKENS = new RegExp(
  [
    /\/\/[^\n]*/,
    /\/\*[\s\S]*?\*\//,
    /`(?:\\[\s\S]|[^`\\])*`/,
    /(?<![.\w$])import\s*(?!\()(?:(?<clause>[^"'`;()]*?)\bfrom\s*)?(?<quoted>"[^"\n]+"|'[^'\n]+')(?:\s*with\s*\{[^}]*\})?[ \t]*;?/,
    /"(?:\\.|[^"\\\n])*"/,
    /'(?:\\.|[^'\\\n])*'/,
  ].map((token) => token.source).join("|"),
  "g",
);

/**
 * The static imports in the code of a cell, in order.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findImports } from "./find_imports.ts";
 *
 * const [found] = findImports(`import { mean, type Row } from "./stats.ts";`);
 * assert.equal(found.specifier, "./stats.ts");
 * assert.deepEqual(found.bindings[0], { imported: "mean", local: "mean", isType: false });
 * ```
 */
export function findImports(code: string): ImportStatement[] {
  const found: ImportStatement[] = [];
  for (const match of code.matchAll(TOKENS)) {
    const { clause = "", quoted } = match.groups ?? {};
    if (quoted === undefined) continue;
    found.push({
      specifier: quoted.slice(1, -1),
      bindings: parseClause(clause.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, "").trim()),
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return found;
}

function parseClause(clause: string): ImportBinding[] {
  // `import type from "…"` imports a default that is called "type".
  const allTypes = /^type\s*(?=[\w$*{])/.exec(clause);
  if (allTypes) {
    return parseClause(clause.slice(allTypes[0].length)).map((b) => ({ ...b, isType: true }));
  }
  const braces = /\{([\s\S]*)\}/.exec(clause);
  const bindings = (braces?.[1] ?? "").split(",").map((part) => part.trim())
    .filter((part) => part !== "").map(parseNamed);
  const outside = clause.replace(/\{[\s\S]*\}/, "").split(",").map((part) => part.trim());
  for (const part of outside.filter((part) => part !== "")) {
    const namespace = /^\*\s*as\s+(\S+)$/.exec(part);
    const imported = namespace ? "*" : "default";
    bindings.push({ imported, local: namespace?.[1] ?? part, isType: false });
  }
  return bindings;
}

function parseNamed(part: string): ImportBinding {
  const isType = /^type\s+(?!as\s)/.test(part);
  const [imported, local = imported] = part.replace(isType ? /^type\s+/ : /^/, "")
    .split(/\s+as\s+/);
  return { imported, local, isType };
}
