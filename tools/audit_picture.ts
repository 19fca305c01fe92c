import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { InputError } from "../lib/errors.ts";
import { commandLine, runProgram } from "../lib/io/program.ts";
import { auditEmbeddings } from "../lib/audit/audit_embeddings.ts";
import { openEmbeddings } from "../lib/audit/formats/open_embeddings.ts";
import { auditHtml } from "../lib/audit/report_html.ts";
import { systemFolder, writeFilesAtomically } from "../lib/io/files.ts";

const USAGE = "Usage: deno task audit-picture: draws notebooks/audit_report.png in a Chromium";

/** The picture, and the text that can be read in it: a test compares it with what the audit says. */
const PICTURE = "notebooks/audit_report.png";
export const PICTURE_TEXT = "notebooks/audit_report.txt";

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

/** Takes a picture of the start of a page in a Chromium without a window, with the lines to be read there. */
async function picture(
  html: string,
  executablePath: string,
): Promise<{ png: Uint8Array; lines: string[] }> {
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
    const lines = await tab.evaluate(`
      [...document.querySelectorAll("h1, h2, p, li, .level, .flag")]
        .filter((element) => element.getBoundingClientRect().top < ${HEIGHT})
        .map((element) => element.textContent.replace(/\\s+/g, " ").trim())
    `) as string[];
    return { png: await tab.screenshot(), lines };
  } finally {
    await browser.close();
  }
}

async function auditPicture(args: string[]): Promise<number> {
  if (commandLine(args).values.help) {
    console.log(USAGE);
    return 0;
  }
  const found = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"]
    .find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new InputError("no Chromium was found; CHROMIUM may name one");
  }
  const { png, lines } = await picture(await wordsReport(), found);
  writeFilesAtomically([
    { path: PICTURE, content: png },
    { path: PICTURE_TEXT, content: `${lines.join("\n")}\n` },
  ]);
  return 0;
}

if (import.meta.main) {
  process.exitCode = await runProgram("audit-picture", () => auditPicture(process.argv.slice(2)));
}
