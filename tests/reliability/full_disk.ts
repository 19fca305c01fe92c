/**
 * Mounts a small disk onto a folder, fills it, and runs there what writes; prints as JSON how each
 * ended, and what was and is on the disk. It runs where it may mount: below `unshare -rm`.
 *
 * @module
 */
import { Interactions } from "../../lib/interactions/interactions.ts";
import { cachedTraining } from "../../lib/notebook/cached_training.ts";
import { program } from "./program.ts";

/** How a program ended. */
interface Ended {
  code: number;
  stderr: string;
}

/** What there is to say of a full disk. */
export interface FullDisk {
  ended: Record<string, Ended>;
  before: Record<string, string>;
  after: Record<string, string>;
  /** Of a training that could not be kept: what it warned of, and its epochs. */
  warnings: string[];
  epochs: number;
}

function fill(path: string): void {
  using file = Deno.openSync(path, { create: true, write: true });
  try {
    while (true) file.writeSync(new Uint8Array(4096));
  } catch {
    // It is full.
  }
}

function contents(folder: string): Record<string, string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(
    names.map((name) => [name, Deno.readTextFileSync(`${folder}/${name}`)]),
  );
}

async function runAll(disk: string, temporary: string): Promise<Record<string, Ended>> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(new Uint8Array(100_000)),
  );
  const commands = {
    audit: ["x.npy", "--html", "old.html", "--json", "old.json", "--force"],
    fix: ["x.npy", "--correction", "center", "--out", "old.npy", "--force"],
    reproduce: ["a.ipynb"],
    download: [`http://127.0.0.1:${server.addr.port}/`, "a.zip", "0".repeat(32)],
  };
  const ended: Record<string, Ended> = {};
  for (const [name, args] of Object.entries(commands)) {
    const { code, stderr } = await program(name as keyof typeof commands, disk, args, temporary)
      .output();
    ended[name] = { code, stderr: new TextDecoder().decode(stderr) };
  }
  return ended;
}

if (import.meta.main) {
  const [inputs, disk] = Deno.args;
  const { success } = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk],
  }).outputSync();
  if (!success) Deno.exit(1);
  for (const { name } of Deno.readDirSync(inputs)) {
    Deno.copyFileSync(`${inputs}/${name}`, `${disk}/${name}`);
  }
  fill(`${disk}/filler`);
  const before = contents(disk);
  const ended = await runAll(disk, inputs);
  const warnings: string[] = [];
  console.warn = (text: string) => warnings.push(text);
  const x = Interactions.fromDense([[1, 1, 0, 0], [0, 0, 1, 1]]);
  const { history } = cachedTraining(x, { hidden: [64], epochs: 2, threads: 1, folder: disk });
  const found: FullDisk = {
    ended,
    before,
    after: contents(disk),
    warnings,
    epochs: history.length,
  };
  console.log(JSON.stringify(found));
}
