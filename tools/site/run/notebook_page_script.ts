/**
 * Runs a notebook in its page: all cells or one, in a worker that a button ends.
 *
 * @module
 */
import { startSlider } from "../../../lib/notebook/scaling_slider_client.ts";
import { OutputCollector } from "../../notebooks/outputs.ts";
import { CellView } from "./cell_view.ts";
import type { CellAnswer, CellRequest, Failure } from "./cell_worker.ts";

for (const slider of document.querySelectorAll<HTMLElement>(".cosine-lab-slider")) {
  slider.dataset.started = "";
  startSlider(slider);
}

const bar = document.querySelector<HTMLElement>(".runbar");
if (bar !== null) prepare(bar);

function prepare(bar: HTMLElement): void {
  const main = document.querySelector("main")!;
  const status = bar.querySelector<HTMLElement>("[role=status]")!;
  const progress = bar.querySelector("progress")!;
  const [runAll, stop] = ["run-all", "stop"].map((action) =>
    bar.querySelector<HTMLButtonElement>(`[data-action=${action}]`)!
  );
  const cells = [...document.querySelectorAll<HTMLElement>("[data-cell]")]
    .map((section) => new CellView(section, (cell) => runOne(cell)));
  const byNumber = new Map(cells.map((cell) => [cell.number, cell]));

  /** The worker, and what has run in it: the code of each cell. */
  let worker: Worker | undefined;
  let collector = new OutputCollector();
  const ran = new Map<number, string>();
  /** What is still to run, and what has come out so far. */
  let waiting: CellView[] = [];
  let results: boolean[] = [];
  let firstChanged: CellView | undefined;
  let total = 0, since = 0;
  let clock: ReturnType<typeof setTimeout> | undefined;
  let source: string | undefined;

  function restart(): void {
    worker?.terminate();
    worker = undefined;
    collector = new OutputCollector();
    ran.clear();
  }

  async function run(chosen: CellView[]): Promise<void> {
    waiting = chosen;
    total = chosen.length;
    bar.dataset.used = "";
    results = [];
    firstChanged = undefined;
    state("running");
    try {
      if (worker === undefined) {
        say("Loading the library …");
        source ??= await workerSource(bar.dataset.worker!);
        // The reader may have stopped meanwhile.
        if (main.dataset.state !== "running") return;
        worker = startWorker(source);
      }
      next();
    } catch (error) {
      finish("failed", (error as Error).message);
    }
  }

  function startWorker(source: string): Worker {
    // Of a Blob: the page's policy, which allows no connection to elsewhere, holds for it as well.
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const started = new Worker(address, { type: "module" });
    started.onmessage = ({ data }: MessageEvent<CellAnswer>) => answer(data);
    started.onerror = ({ message }) => {
      restart();
      finish("failed", `The worker has ended: ${message || "it may have run out of memory"}`);
    };
    return started;
  }

  function next(): void {
    const [cell] = waiting;
    if (cell === undefined) return finish("done", summary());
    progress.max = total;
    progress.value = total - waiting.length;
    since = performance.now();
    cell.start();
    tick();
    worker!.postMessage({ cell: cell.number, code: cell.code } satisfies CellRequest);
  }

  function tick(): void {
    clearTimeout(clock);
    const seconds = Math.round((performance.now() - since) / 1000);
    say(
      `Running cell ${waiting[0].number} of ${cells.length}` +
        (seconds < 2 ? " …" : `, for ${seconds} s …`),
    );
    clock = setTimeout(tick, 1000);
  }

  function answer(data: CellAnswer): void {
    const cell = byNumber.get(data.cell)!;
    if (data.kind === "output") {
      const { type: msg_type, content } = data;
      collector.add({ header: { msg_type }, content }, cell.outputs);
      // A cell may update what an earlier one shows.
      if (msg_type === "update_display_data") cells.forEach((other) => other.draw());
      else cell.draw();
    } else done(cell, data.failure);
  }

  async function done(cell: CellView, failure?: Failure): Promise<void> {
    const same = await cell.end(failure);
    if (waiting[0] !== cell) return;
    waiting.shift();
    results.push(same);
    if (!same) firstChanged ??= cell;
    const changed = ran.get(cell.number) !== cell.code;
    // What follows has seen what it declared before.
    if (changed) {
      for (const number of [...ran.keys()]) if (number >= cell.number) ran.delete(number);
    }
    if (failure === undefined) {
      ran.set(cell.number, cell.code);
      return next();
    }
    cell.scrollTo();
    const where = failure.line === undefined ? "" : `, line ${failure.line}`;
    finish("failed", `Cell ${cell.number} failed${where}: ${failure.message}`);
  }

  function summary(): string {
    const changed = results.filter((same) => !same).length;
    if (total === 1) {
      return changed === 0
        ? "The cell shows what is committed, to the last digit."
        : "The output of the cell has changed.";
    }
    return changed === 0
      ? `All ${total} cells show what is committed, to the last digit.`
      : `The output of ${changed} of ${total} cells has changed.`;
  }

  function state(name: "idle" | "running" | "done" | "failed"): void {
    main.dataset.state = name;
    runAll.disabled = name === "running";
    stop.disabled = name !== "running";
    progress.hidden = name !== "running";
    clearTimeout(clock);
  }

  function say(text: string): void {
    status.textContent = text;
  }

  function finish(name: "idle" | "done" | "failed", text: string): void {
    waiting = [];
    state(name);
    say(text);
    if (firstChanged === undefined || name !== "done") return;
    const show = document.createElement("button");
    show.type = "button";
    show.textContent = `Show cell ${firstChanged.number}`;
    const first = firstChanged;
    show.addEventListener("click", () => first.scrollTo());
    status.append(" ", show);
  }

  function runOne(cell: CellView): void {
    if (main.dataset.state === "running") return;
    const last = cells.indexOf(cell);
    const first = cells.findIndex(({ number, code }) => ran.get(number) !== code);
    run(cells.slice(first < 0 ? last : Math.min(first, last), last + 1));
  }

  runAll.addEventListener("click", () => {
    restart();
    cells.forEach((cell) => cell.clear());
    run([...cells]);
  });

  stop.addEventListener("click", () => {
    const [cell] = waiting;
    restart();
    cell?.clear();
    finish("idle", "Stopped. The next run starts from the first cell.");
  });

  bar.hidden = false;
}

async function workerSource(address: string): Promise<string> {
  try {
    const response = await fetch(new URL(address, location.href));
    if (response.ok) return await response.text();
  } catch {
    // A page that was opened as a file can read nothing.
  }
  throw new Error(
    'The library could not be loaded: a page that runs has to be served, as "deno task site --serve" does',
  );
}
