import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import seedrandom from "seedrandom";
import { decodeNumbers } from "../../lib/notebook/cached_training.ts";
import { parseNotebook, serialize } from "../../tools/notebooks/notebook_file.ts";
import { clustered } from "../audit/table_files.ts";
import { writeNpy } from "../audit/write_npy.ts";
import { eventually } from "../eventually.ts";
import { withTemporaryFolder } from "../folder.ts";
import { notebookOf } from "../tools/notebooks.ts";
import type { FullDisk } from "./full_disk.ts";
import { assertHandled, program, type programs } from "./program.ts";
import { LINES, NAMES } from "./writers.ts";

/** A program that writes, when it is interrupted, and what it writes. */
interface Writer {
  name: keyof typeof programs;
  args: string[];
  /** What it writes; what is there before it does. */
  targets: Record<string, string>;
  /** The latest moment, in milliseconds after its start. */
  latest: number;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGKILL"] as const;
const random = seedrandom.alea("interrupts");
const onWindows = { ignore: Deno.build.os === "windows" };

/** Reads a file; `undefined` where there is none. */
function contentOf(path: string): string | undefined {
  try {
    return new TextDecoder("latin1").decode(Deno.readFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The names of all that is in a folder, in `temporary` too, but not in other folders of it. */
function namesIn(folder: string): string[] {
  return [folder, `${folder}/temporary`].flatMap((path) =>
    [...Deno.readDirSync(path)].map(({ name }) => name)
  ).sort();
}

/** Starts a program, and interrupts it some milliseconds later, or once it begins to write. */
async function interrupted(
  { name, args, latest }: Writer,
  folder: string,
  signal: Deno.Signal,
): Promise<void> {
  const atWriting = random() < 0.5;
  const milliseconds = random() * (atWriting ? 5 : latest);
  using watcher = Deno.watchFs(folder);
  const child = program(name, folder, args).spawn();
  const output = child.output();
  const begins = (async () => {
    for await (const { kind } of watcher) if (kind === "create") break;
  })();
  if (atWriting) await Promise.race([begins, output]);
  await new Promise((done) => setTimeout(done, milliseconds));
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
  await output;
}

/** Interrupts a writer so many times, and then lets it end: what was there, and what is left? */
async function tryMoments(what: string, moments: number, writer: Writer, folder: string) {
  for (const [name, content] of Object.entries(writer.targets)) {
    if (content !== "") Deno.writeTextFileSync(`${folder}/${name}`, content);
  }
  Deno.mkdirSync(`${folder}/temporary`);
  const names = Object.keys(writer.targets);
  const before = namesIn(folder);
  const seen: (string | undefined)[][] = [];
  for (let moment = 0; moment < moments; moment++) {
    await interrupted(writer, folder, SIGNALS[moment % SIGNALS.length]);
    seen.push(names.map((name) => contentOf(`${folder}/${name}`)));
  }
  const { success, stderr } = await program(writer.name, folder, writer.args).output();
  assert(success, new TextDecoder().decode(stderr));
  const whole = names.map((name) => contentOf(`${folder}/${name}`));
  assert.deepEqual(namesIn(folder), [...new Set([...before, ...names])].sort());
  await eventually("no process of it is left", async () => {
    const { stdout } = await new Deno.Command("ps", { args: ["-eo", "stat=,args="] }).output();
    const lines = new TextDecoder().decode(stdout).split("\n");
    return !lines.some((line) => /^[^Z]/.test(line) && line.includes(`${folder}/`));
  });
  const handled = seen.filter((contents) =>
    contents.every((content, i) =>
      content === whole[i] || (content ?? "") === writer.targets[names[i]]
    )
  );
  assertHandled(what, moments, handled.length);
}

function writeVectors(path: string): void {
  writeNpy(path, clustered({ items: 60, dimensions: 6, seed: "interrupts" }).to2DArray());
}

Deno.test("interrupts: an audit's reports are the old or the new ones", onWindows, async () => {
  await withTemporaryFolder(async (folder) => {
    writeVectors(`${folder}/x.npy`);
    const args = [`${folder}/x.npy`, "--html", "x.html", "--json", "x.json", "--force"];
    const targets = { "x.html": "old", "x.json": "old" };
    await tryMoments(
      "interrupts of audit",
      3,
      { name: "audit", args, targets, latest: 1500 },
      folder,
    );
  });
});

Deno.test("interrupts: corrected vectors are the old or the new ones", onWindows, async () => {
  await withTemporaryFolder(async (folder) => {
    writeVectors(`${folder}/x.npy`);
    const args = [`${folder}/x.npy`, "--correction", "center", "--force"];
    const targets = { "x.fixed.npy": "old", "x.fixed.transform.json": "old" };
    await tryMoments(
      "interrupts of audit fix",
      3,
      { name: "fix", args, targets, latest: 800 },
      folder,
    );
  });
});

Deno.test(
  "interrupts: a notebook is the old or the new, no kernel is left",
  onWindows,
  async () => {
    await withTemporaryFolder(async (folder) => {
      const text = JSON.stringify(notebookOf([`console.log("a");`]));
      const args = [`${folder}/a.ipynb`];
      const targets = { "a.ipynb": text };
      await tryMoments(
        "interrupts of reproduce",
        3,
        { name: "reproduce", args, targets, latest: 1500 },
        folder,
      );
    });
  },
);

Deno.test("interrupts: a kept training is there or not", onWindows, async () => {
  await withTemporaryFolder(async (folder) => {
    const trained = program("training", folder, [folder]);
    Deno.mkdirSync(`${folder}/temporary`);
    await trained.output();
    const [name] = namesIn(folder).filter((name) => name.endsWith(".bin"));
    Deno.removeSync(`${folder}/temporary`);
    Deno.removeSync(`${folder}/${name}`);
    const writer: Writer = {
      name: "training",
      args: [folder],
      targets: { [name]: "" },
      latest: 600,
    };
    await tryMoments("interrupts of a kept training", 3, writer, folder);
  });
});

Deno.test("interrupts: a download is there or not", onWindows, async () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251);
  const pieces = () => {
    let from = 0;
    return new ReadableStream({
      async pull(controller) {
        if (from >= bytes.length) return controller.close();
        await new Promise((done) => setTimeout(done, 5));
        controller.enqueue(bytes.subarray(from, from += 5_000));
      },
    });
  };
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(pieces()),
  );
  await withTemporaryFolder(async (folder) => {
    const md5 = createHash("md5").update(bytes).digest("hex");
    const args = [`http://127.0.0.1:${server.addr.port}/`, `${folder}/a.zip`, md5];
    const writer: Writer = { name: "download", args, targets: { "a.zip": "" }, latest: 400 };
    await tryMoments("interrupts of a download", 6, writer, folder);
    assert.deepEqual(Deno.readFileSync(`${folder}/a.zip`), bytes);
  });
});

/** Which version a file that is written over and over is of; NaN where it is not whole. */
function versionOf(content: string): number {
  if (content === "") return 0;
  const line = content.slice(0, content.indexOf("\n") + 1);
  return content === line.repeat(LINES) ? Number(line.split(" ")[1]) : NaN;
}

Deno.test("interrupts: of files written together each is whole", onWindows, async () => {
  await withTemporaryFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/temporary`);
    const writer: Writer = { name: "overAndOver", args: ["a", "1e9"], targets: {}, latest: 300 };
    const paths = NAMES.map((name) => `${folder}/${name}`);
    const moments = 9;
    let handled = 0;
    for (let moment = 0; moment < moments; moment++) {
      for (const path of paths) if (contentOf(path) !== undefined) Deno.removeSync(path);
      await interrupted(writer, folder, SIGNALS[moment % SIGNALS.length]);
      const versions = paths.map((path) => versionOf(contentOf(path) ?? ""));
      // They are given their names one after the other.
      const [newest, oldest] = [versions[0], versions.at(-1)!];
      const inOrder = versions.every((version, i) => i === 0 || version <= versions[i - 1]);
      if (inOrder && newest - oldest <= 1) handled++;
    }
    await program("overAndOver", folder, ["b", "1"]).output();
    assert.deepEqual(namesIn(folder), [...NAMES, "temporary"]);
    assertHandled("interrupts of files written together", moments, handled);
  });
});

/** Runs a command where this user may mount disks that nobody else sees. */
function unshared(...args: string[]): Deno.CommandOutput | undefined {
  try {
    return new Deno.Command("unshare", { args: ["-rm", ...args] }).outputSync();
  } catch {
    return undefined;
  }
}

const canMount = unshared("mount", "-t", "tmpfs", "tmpfs", "/mnt")?.success === true;

Deno.test({
  name: canMount
    ? "full disk: what writes ends in one line, and every file is as it was"
    : "full disk: not tried, because no disk can be mounted here",
  ignore: !canMount,
  async fn() {
    await withTemporaryFolder((folder) => {
      const [inputs, disk] = [`${folder}/inputs`, `${folder}/disk`];
      for (const path of [inputs, disk]) Deno.mkdirSync(path);
      const vectors = clustered({ items: 60, dimensions: 6, seed: "full" }).to2DArray();
      writeNpy(`${inputs}/x.npy`, vectors);
      for (const name of ["old.html", "old.json", "old.npy"]) {
        Deno.writeTextFileSync(`${inputs}/${name}`, "old");
      }
      const notebook = JSON.stringify(notebookOf([`console.log("a");`]));
      Deno.writeTextFileSync(`${inputs}/a.ipynb`, notebook);
      const script = fileURLToPath(new URL("./full_disk.ts", import.meta.url));
      const deno = [Deno.execPath(), "run", "--cached-only", "-A", "--no-check", script];
      const { success, stdout, stderr } = unshared(...deno, inputs, disk)!;
      assert(success, new TextDecoder().decode(stderr));
      const found: FullDisk = JSON.parse(new TextDecoder().decode(stdout));
      assert.deepEqual(found.after, found.before);
      const ended = Object.values(found.ended);
      for (const { stderr } of ended) assert.match(stderr, /no space left/i);
      const handled = ended.filter(({ code, stderr }) => code === 2 && /^[^\n]+\n$/.test(stderr));
      assert.match(
        found.warnings.join("\n"),
        /^The training is not kept for next time: .*no space/i,
      );
      // The start, and two more.
      assert.equal(found.epochs, 3);
      assertHandled("writing to a full disk", ended.length + 1, handled.length + 1);
    });
  },
});

/** Runs a program twice at once, each with arguments of its own; gives the exit codes. */
async function atOnce(
  name: keyof typeof programs,
  folder: string,
  ...both: string[][]
): Promise<number[]> {
  const running = both.map((args) => program(name, folder, args).output());
  return (await Promise.all(running)).map(({ code }) => code);
}

const filesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251);

/** What two runs do at once in a folder, and what must have become of it. */
const cases: Record<string, (folder: string) => Promise<void>> = {
  async "of two corrections of one file one is written, and the other is refused"(folder) {
    writeNpy(`${folder}/x.npy`, clustered({ items: 60, dimensions: 6, seed: "once" }).to2DArray());
    const corrections = ["center", "z-scores"];
    const commands = corrections.map((name) => ["x.npy", "--correction", name]);
    const codes = await atOnce("fix", folder, ...commands);
    assert.deepEqual(codes.toSorted(), [0, 2]);
    const kept = corrections[codes.indexOf(0)];
    await program("fix", folder, ["x.npy", "--correction", kept, "--out", "alone.npy"]).output();
    const files = ["npy", "transform.json"];
    for (const extension of files) {
      const [together, alone] = ["x.fixed", "alone"].map((name) =>
        Deno.readFileSync(`${folder}/${name}.${extension}`)
      );
      assert.deepEqual(together, alone);
    }
    const outputs = ["alone", "x.fixed"].flatMap((name) => files.map((end) => `${name}.${end}`));
    assert.deepEqual(filesIn(folder), [...outputs, "temporary", "x.npy"].sort());
  },

  async "files that two write together, over and over, are all of one of them"(folder) {
    assert.deepEqual(await atOnce("overAndOver", folder, ["a", "15"], ["b", "15"]), [0, 0]);
    const contents = NAMES.map((name) => Deno.readTextFileSync(`${folder}/${name}`));
    assert.match(contents[0], /^[ab] 15\n/);
    assert(contents.every((content) => content === contents[0]));
    assert.deepEqual(filesIn(folder), [...NAMES, "temporary"]);
  },

  async "a notebook that two run is written by one of them"(folder) {
    const path = `${folder}/a.ipynb`;
    Deno.writeTextFileSync(path, JSON.stringify(notebookOf(["console.log(Deno.pid);"])));
    const codes = await atOnce("reproduce", folder, [path], [path]);
    assert(codes.includes(0), String(codes));
    const text = Deno.readTextFileSync(path);
    assert.equal(serialize(parseNotebook(text)), text);
    assert.match(text, /"\d+\\n"/);
    assert.deepEqual(filesIn(folder), ["a.ipynb", "temporary"]);
  },

  async "two trainings that are the same are kept as one"(folder) {
    const kept = `${folder}/kept`;
    assert.deepEqual(await atOnce("training", folder, [kept], [kept]), [0, 0]);
    const [name, ...others] = filesIn(kept);
    assert.deepEqual(others, []);
    assert(decodeNumbers(Deno.readFileSync(`${kept}/${name}`)) !== undefined);
  },

  async "a file that two download is whole"(folder) {
    const waiting: (() => void)[] = [];
    // Nobody is answered before both have asked.
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async () => {
      await new Promise<void>((resolve) => {
        if (waiting.push(resolve) === 2) waiting.forEach((answer) => answer());
      });
      return new Response(bytes);
    });
    const md5 = createHash("md5").update(bytes).digest("hex");
    const args = [`http://127.0.0.1:${server.addr.port}/`, `${folder}/a.zip`, md5];
    assert.deepEqual(await atOnce("download", folder, args, args), [0, 0]);
    assert.deepEqual(Deno.readFileSync(`${folder}/a.zip`), bytes);
    assert.deepEqual(filesIn(folder), ["a.zip", "temporary"]);
  },
};

Deno.test("at once: what two runs write is whole", async (t) => {
  let handled = 0;
  for (const [name, run] of Object.entries(cases)) {
    const isHandled = await t.step(name, () =>
      withTemporaryFolder(async (folder) => {
        Deno.mkdirSync(`${folder}/temporary`);
        await run(folder);
        assert.deepEqual(filesIn(`${folder}/temporary`), []);
      }));
    if (isHandled) handled++;
  }
  assertHandled("two runs at once that write the same files", Object.keys(cases).length, handled);
});
