import { launchChromium } from "./browser/chromium.ts";
import { serveFolder } from "./browser/serve_folder.ts";
const [path, out, w = "1440", h = "1000", dark = "", wait = "0"] = Deno.args;
await using server = serveFolder("site");
const b = await launchChromium();
const p = await b.newPage({
  viewport: { width: +w, height: +h },
  colorScheme: dark === "dark" ? "dark" : "light",
});
p.on("console", (m) => console.log("console:", m.text()));
p.on("pageerror", (e) => console.log("error:", e.message));
const t = performance.now();
await p.goto(server.url + path);
if (wait === "map") {
  await p.waitForFunction(() =>
    document.querySelector("[data-panel=yours]")!.getAttribute("data-auc")
  );
  console.log("first auc", performance.now() - t);
  await p.waitForSelector("[data-state=settled]");
  console.log("settled", performance.now() - t);
}
await p.waitForTimeout(300);
await p.screenshot({ path: out });
console.log(await p.evaluate("document.documentElement.scrollWidth+' '+innerWidth"));
await b.close();
