import { createHash } from "node:crypto";

/**
 * Computes a hash of what a module computes with: its code, without comments and white space, and that
 * of every module it imports, however indirectly. Packages count by their version.
 *
 * @param module Where the module is.
 * @returns The hash, in hexadecimal digits; of the address alone where no source can be read.
 *
 * @example
 * ```ts
 * import { sourceHash } from "./source_hash.ts";
 * import assert from "node:assert/strict";
 *
 * const module = new URL("./palette.ts", import.meta.url);
 * assert.match(sourceHash(module), /^[0-9a-f]{64}$/);
 * ```
 */
export function sourceHash(module: URL): string {
  const sources = new Map<string, string>();
  const visit = (url: URL) => {
    if (sources.has(url.href)) return;
    const code = codeOf(url);
    sources.set(url.href, code);
    for (const [, , specifier] of code.matchAll(/\b(from|import) ?"([^"]+)"/g)) {
      if (specifier.startsWith(".")) visit(new URL(specifier, url));
      else sources.set(specifier, import.meta.resolve(specifier).replace(/^.*node_modules\//, ""));
    }
  };
  visit(module);
  const hash = createHash("sha256");
  const root = new URL("../", module).href;
  for (const [name, code] of [...sources].sort(([a], [b]) => a < b ? -1 : 1)) {
    hash.update(`${name.replace(root, "")}\n${code}\n`);
  }
  return hash.digest("hex");
}

function codeOf(url: URL): string {
  try {
    return Deno.readTextFileSync(url).replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/^\s*\/\/.*$/gm, "").replace(/\s+/g, " ");
  } catch {
    return "";
  }
}
