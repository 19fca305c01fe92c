import { fileURLToPath } from "node:url";

/** The path of a file in data/, which comes with the library; `cache` is where downloads and trainings are kept. */
export function shipped(name: string): string {
  return fileURLToPath(new URL(`../../data/${name}`, import.meta.url));
}
