import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ASSETS = fileURLToPath(new URL("./assets/", import.meta.url));
const KATEX = fileURLToPath(new URL(".", import.meta.resolve("katex/dist/katex.min.css")));

/**
 * Copies the style sheet, the icon, and what formulas need, into `assets/` of the site.
 *
 * @param to The folder of the site.
 */
export function copyAssets(to: string): void {
  const folder = join(to, "assets");
  Deno.mkdirSync(join(folder, "katex", "fonts"), { recursive: true });
  for (const { name } of Deno.readDirSync(ASSETS)) {
    Deno.copyFileSync(join(ASSETS, name), join(folder, name));
  }
  Deno.copyFileSync(join(KATEX, "katex.min.css"), join(folder, "katex", "katex.min.css"));
  for (const { name } of Deno.readDirSync(join(KATEX, "fonts"))) {
    if (!name.endsWith(".woff2")) continue;
    Deno.copyFileSync(join(KATEX, "fonts", name), join(folder, "katex", "fonts", name));
  }
}
