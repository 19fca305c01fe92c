import type { Notebook } from "../../lib/io/notebook_file.ts";
import { normalize } from "./normalize.ts";

/**
 * The text of an .ipynb file: the normalized notebook as Jupyter itself writes JSON (sorted keys,
 * indented by one), so that saving it in Jupyter changes as few lines as possible.
 */
export function serialize(notebook: Notebook): string {
  return JSON.stringify(sortKeys(normalize(notebook)), null, 1) + "\n";
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]));
}
