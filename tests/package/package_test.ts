import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import {
  cosineSimilarity,
  denoisingEmbeddings,
  sameClusterAuc,
  simulateInteractions,
  truncatedSVD,
} from "cosine-lab";
import { encodeBase64 } from "../../lib/notebook/picture.ts";
import { comparePng } from "../../tools/notebooks/compare_outputs.ts";
import { launchChromium, skipsBrowser } from "../browser/chromium.ts";
import { serveSite } from "../../tools/site/serve_site.ts";
import { digits } from "./digits.ts";
import {
  FIGURE_DEPENDENCIES,
  installDependencies,
  installPackage,
  PARQUET_DEPENDENCIES,
  SIX_LINES,
} from "./installed_package.ts";

const { interactions, clusters } = simulateInteractions({ users: 2_000, items: 200 });
const { B } = denoisingEmbeddings(truncatedSVD(interactions, { rank: 20 }), { lambda: 1_000 });
const expected = sameClusterAuc(cosineSimilarity(B), clusters);

const folder = Deno.makeTempDirSync();
installPackage(folder);
// Node takes the types off by itself.
Deno.writeTextFileSync(
  join(folder, "digits.ts"),
  Deno.readTextFileSync("tests/package/digits.ts").replaceAll(
    '"cosine-lab',
    '"@cosine-lab/cosine-lab',
  ),
);
const expectedDigits = await digits();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A Node of version 24 or later: `NODE_24` names one, or it is on the path. */
function findNode(): string | undefined {
  return [Deno.env.get("NODE_24"), "node"].find((name) => {
    if (name === undefined) return false;
    try {
      const { stdout } = new Deno.Command(name, { args: ["--version"] }).outputSync();
      return Number(/\d+/.exec(text(stdout))?.[0]) >= 24;
    } catch {
      return false;
    }
  });
}

const node = findNode();
if (node === undefined) {
  console.log("No Node 24 was found: the test of the package in Node is skipped.");
}

function auditInNode(...args: string[]): Deno.CommandOutput {
  const bin = join(folder, "node_modules/@cosine-lab/cosine-lab/bin/cosine-lab.js");
  return new Deno.Command(node!, { args: [bin, "audit", ...args], cwd: folder }).outputSync();
}

/** Asserts that the package writes the report in Node that the task prints in Deno. */
function assertSameReport(path: string): void {
  const written = `${path}.json`;
  const inNode = auditInNode(path, "--json", written);
  const inDeno = new Deno.Command(Deno.execPath(), {
    args: ["run", "--cached-only", "-A", "lib/audit/audit.ts", path, "--json", "-"],
  }).outputSync();
  assert.equal(inNode.code, 0, text(inNode.stderr));
  assert.equal(Deno.readTextFileSync(written), text(inDeno.stdout));
}

Deno.test({
  name: "package: six lines in Node print the AUC that they print in Deno",
  ignore: node === undefined,
  fn() {
    Deno.writeTextFileSync(join(folder, "six.js"), `${SIX_LINES}\nconsole.log(auc);`);
    const { stdout, stderr } = new Deno.Command(node!, { args: ["six.js"], cwd: folder })
      .outputSync();
    assert.equal(text(stderr), "");
    assert.equal(Number(text(stdout)), expected);
  },
});

Deno.test({
  name: "package: everything has the same digits in Node as in Deno",
  ignore: node === undefined,
  fn() {
    Deno.writeTextFileSync(
      join(folder, "print.js"),
      'import { digits } from "./digits.ts";\nconsole.log(JSON.stringify(await digits()));',
    );
    const { stdout, stderr } = new Deno.Command(node!, { args: ["print.js"], cwd: folder })
      .outputSync();
    assert.equal(text(stderr), "");
    assert.deepEqual(JSON.parse(text(stdout)), expectedDigits);
  },
});

Deno.test({
  name: "package: the command audits a file in Node as the task does in Deno",
  ignore: node === undefined,
  fn() {
    const vectors = Array.from(
      { length: 200 },
      (_, i) =>
        `w${i} ${Array.from({ length: 8 }, (_, c) => Math.sin(i * (c + 1)).toFixed(4)).join(" ")}`,
    );
    const path = join(folder, "words.vec");
    Deno.writeTextFileSync(path, vectors.join("\n") + "\n");
    assertSameReport(path);
    assert(![...Deno.readDirSync(folder)].some(({ name }) => name.startsWith(".replacing-")));
    const wrong = auditInNode("none.npy");
    assert.equal(wrong.code, 2);
    assert.match(text(wrong.stderr), /^audit: .*none\.npy.*\n$/);
  },
});

Deno.test({
  name: "package: the command audits a Parquet file in Node, whose WebAssembly is in a package",
  ignore: node === undefined,
  fn() {
    const path = join(folder, "vectors.parquet");
    const v = Array.from(
      { length: 200 },
      (_, i) => Array.from({ length: 8 }, (_, c) => Math.sin(i * (c + 1))),
    );
    pl.DataFrame({ id: v.map((_, i) => `w${i}`), v }).writeParquet(path);
    installDependencies(folder, PARQUET_DEPENDENCIES);
    assertSameReport(path);
  },
});

Deno.test({
  name: "package: the command draws Figure 1 in Node, pixel by pixel as the notebook has it",
  ignore: node === undefined,
  fn() {
    installDependencies(folder, FIGURE_DEPENDENCIES);
    const bin = join(folder, "node_modules/@cosine-lab/cosine-lab/bin/cosine-lab.js");
    const figure1 = (...args: string[]) =>
      new Deno.Command(node!, {
        args: [bin, "figure1", ...args],
        cwd: folder,
        env: { INIT_CWD: folder },
      })
        .outputSync();
    const { code, stdout, stderr } = figure1("drawn.png");
    assert.equal(code, 0, text(stderr));
    assert.match(text(stdout), /Eq\. 1, D = I +0\.\d{3}\n/);
    const [drawn, committed] = [join(folder, "drawn.png"), "notebooks/figure1.png"]
      .map((path) => encodeBase64(Deno.readFileSync(path)));
    assert.equal(comparePng(committed, drawn), undefined);
    assert.equal(text(figure1("drawn.jpg").stderr).split("\n").length, 2);
  },
});

Deno.test("package: it requires the versions that are tested, and no native package for the audit", () => {
  const home = join(folder, "node_modules/@cosine-lab/cosine-lab");
  const { dependencies, peerDependencies } = JSON.parse(
    Deno.readTextFileSync(join(home, "package.json")),
  );
  const { imports } = JSON.parse(Deno.readTextFileSync("deno.json"));
  for (const [name, version] of Object.entries(dependencies)) {
    if (name !== "ml-matrix") assert.equal(`npm:${name}@${version}`, imports[name]);
  }
  assert.deepEqual(Object.keys(peerDependencies), ["@duckdb/node-api", "nodejs-polars"]);
});

Deno.test("package: the six lines have types", () => {
  const wrong = "// @ts-expect-error: it is a number\nexport const text: string = auc;";
  Deno.writeTextFileSync(
    join(folder, "six.ts"),
    `${SIX_LINES}\nexport const n: number = auc;\n${wrong}`,
  );
  const { code, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["check", "six.ts"],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).outputSync();
  assert.equal(code, 0, text(stderr));
});

Deno.test({
  name: "package: six lines and everything have the same digits in a worker of a page",
  ignore: skipsBrowser(),
  async fn() {
    Deno.writeTextFileSync(
      join(folder, "worker.js"),
      `import { digits } from "./digits.ts";${SIX_LINES}\npostMessage([auc, await digits()]);`,
    );
    const bundle = new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform", "browser", "--output", "bundle.js", "worker.js"],
      cwd: folder,
    }).outputSync();
    assert(bundle.success, text(bundle.stderr));
    Deno.writeTextFileSync(join(folder, "index.html"), "<!doctype html><title>six lines</title>");
    await using server = serveSite(folder, 0);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(server.url);
      const [auc, found] = await page.evaluate(() =>
        new Promise<[number, Record<string, string>]>((resolve, reject) => {
          const worker = new Worker("bundle.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        })
      );
      assert.equal(await page.evaluate(() => globalThis.crossOriginIsolated), false);
      assert.equal(auc, expected);
      assert.deepEqual(found, expectedDigits);
    } finally {
      await browser.close();
    }
  },
});
