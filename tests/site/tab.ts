import type { Browser, Page } from "playwright-core";

/** A tab, with what goes wrong in it, and what it asks of other places than the site at `url`. */
export async function openTab(browser: Browser, url: string): Promise<[Page, string[]]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(300_000);
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
