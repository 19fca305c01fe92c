import axe from "axe-core";
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { HANG_GUARD_MS } from "../eventually.ts";

/** A tab, with what goes wrong in it, and what it asks of other places than the site at `url`. */
export async function openTab(
  browser: Browser,
  url: string,
  timeoutMs = HANG_GUARD_MS,
): Promise<[Page, string[]]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(timeoutMs);
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) {
      wrong.push(`a request to ${request.url()}`);
    }
  });
  return [page, wrong];
}

/** Asserts that a page fits a screen, narrow or wide, and that everybody can read it. */
export async function assertSound(page: Page, path: string): Promise<void> {
  for (const width of [1440, 375]) {
    await page.setViewportSize({ width, height: 900 });
    const [content, view] = await page.evaluate(
      () => [document.documentElement.scrollWidth, innerWidth],
    );
    assert(content <= view, `${path}: ${content} pixels wide on a screen of ${view}`);
  }
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      resultTypes: ["violations"],
      rules: { "target-size": { enabled: true } },
    })
  );
  await page.setViewportSize({ width: 1440, height: 900 });
  const serious = (violations as axe.Result[])
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ").slice(0, 300)}`);
  assert.deepEqual(serious, [], path);
}
