import assert from "node:assert/strict";
import { join } from "node:path";
import { buildNotebooks } from "../../tools/site/build_notebooks.ts";
import { LOCAL_COMMAND } from "../../tools/site/run/page_module_names.ts";
import { folder } from "./built_site.ts";

const { version, tasks } = JSON.parse(Deno.readTextFileSync("deno.json"));

Deno.test("publishing: the workflow and Binder run commands that there are, with the Deno of the README", () => {
  const workflow = Deno.readTextFileSync(".github/workflows/site.yml");
  const binder = Deno.readTextFileSync("binder/postBuild");
  const [, pinned] = /npx -y deno@([\d.]+) task test/.exec(Deno.readTextFileSync("README.md"))!;
  for (const text of [workflow, binder]) assert.match(text, new RegExp(`deno@${pinned}\\b`));
  for (const [, task] of workflow.matchAll(/deno@\S+ task (\w+)/g)) assert(task in tasks, task);
  assert((Deno.statSync("binder/postBuild").mode! & 0o111) > 0);
});

Deno.test("publishing: the version is the same wherever it stands", () => {
  assert.match(Deno.readTextFileSync("CITATION.cff"), new RegExp(`^version: ${version}$`, "m"));
  assert.match(Deno.readTextFileSync("CHANGELOG.md"), new RegExp(`^## ${version}$`, "m"));
});

Deno.test("publishing: pages lead to Binder where it is known what Binder has to run", async () => {
  const to = Deno.makeTempDirSync();
  try {
    await buildNotebooks("notebooks", to, "some/where");
    const page = "notebooks/03_low_rank_experiment.html";
    const [known, unknown] = [to, folder].map((at) => Deno.readTextFileSync(join(at, page)));
    assert.match(
      known,
      /href="https:\/\/mybinder\.org\/v2\/gh\/some\/where\/HEAD\?labpath=notebooks%2F03_/,
    );
    assert(!unknown.includes("mybinder.org"));
  } finally {
    Deno.removeSync(to, { recursive: true });
  }
});

Deno.test("publishing: the site is a static Space as well", () => {
  const [, metadata] = /^---\n([\s\S]*?)\n---\n/.exec(
    Deno.readTextFileSync(join(folder, "README.md")),
  )!;
  assert.match(metadata, /^sdk: static$/m);
  const [, file] = /^app_file: (.*)$/m.exec(metadata)!;
  assert(Deno.statSync(join(folder, file)).isFile);
  assert.match(metadata, /^license: mit$/m);
});

Deno.test("publishing: pages name the command with the Deno of the README", () => {
  assert(Deno.readTextFileSync("README.md").includes(LOCAL_COMMAND.replace(/ task .*/, "")));
});
