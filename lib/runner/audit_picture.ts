import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { auditEmbeddings } from "../audit/audit_embeddings.ts";
import { openEmbeddings } from "../audit/reading/open_embeddings.ts";
import { auditHtml } from "../audit/rendering/html_report.ts";
import { systemFolder } from "../files/system_folder.ts";
import { writeWhole } from "../files/write_whole.ts";

/** How much of the report the picture shows, in pixels. */
const WIDTH = 1040, HEIGHT = 1330;

/** The report on the word vectors in data/, as a page. */
export async function wordsReport(): Promise<string> {
  const { rows } = await openEmbeddings("data/glove_words.npy");
  const ids = readFileSync("data/glove_words.txt", "utf8").trim().split("\n");
  const report = auditEmbeddings(rows, {
    trained: "sum",
    ids,
    // Words are in the order of their frequency.
    popularity: ids.map((_, rank) => 1 / (rank + 1)),
  });
  return auditHtml(report, "glove_words.npy");
}

/** Takes a picture of the start of a page in a Chromium without a window. */
async function picture(html: string, executablePath: string): Promise<Uint8Array> {
  using folder = systemFolder();
  const page = join(folder.path, "report.html");
  writeFileSync(page, html);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const tab = await browser.newPage({
      viewport: { width: WIDTH, height: HEIGHT },
      colorScheme: "light",
    });
    await tab.goto(pathToFileURL(page).href);
    return await tab.screenshot();
  } finally {
    await browser.close();
  }
}

if (import.meta.main) {
  const found = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"]
    .find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    console.error("audit-picture: no Chromium was found; CHROMIUM may name one");
    process.exitCode = 2;
  } else {
    const content = await picture(await wordsReport(), found);
    writeWhole([{ path: "notebooks/audit_report.png", content }]);
  }
}
