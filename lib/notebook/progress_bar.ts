import { assertString } from "../check.ts";
import { escapeHtml } from "../html.ts";

/** Shows progress; what {@link progressBar} makes. */
export interface ProgressBar {
  /** Says that `done` of `total` steps are done. Can be given as `onProgress`. */
  (done: number, total: number): void;
  /** Says that all is done. Leaves "label: done" in the cell, the same on every run. */
  finish(): void;
}

type Show = (share: number | "done") => void;

const WIDTH = 20;

/**
 * A small progress bar: in a notebook's cell, or a line on a terminal; elsewhere nothing is shown.
 *
 * It moves also while the code that reports the progress is synchronous and never lets the event
 * loop turn: in the kernel `Deno.jupyter.broadcast` sends its message before it returns. What
 * `Deno.jupyter.display` is given would appear only once the code is done.
 *
 * @param label What is in progress; a few words of plain text.
 * @returns The bar.
 * @throws {TypeError} If label is not a string.
 *
 * @example
 * ```ts
 * import { progressBar } from "./progress_bar.ts";
 *
 * const bar = progressBar("Simulating");
 * for (let step = 0; step <= 3; step++) bar(step, 3);
 * bar.finish();
 * ```
 */
export function progressBar(label: string): ProgressBar {
  assertString("show progress", "label", label);
  const broadcast = broadcaster();
  const show = broadcast === undefined ? showOnTerminal(label) : showInCell(label, broadcast);
  let last = -1;
  const bar = (done: number, total: number) => {
    const percent = total > 0 ? Math.floor(100 * Math.min(1, Math.max(0, done / total))) : 100;
    if (percent === last) return;
    last = percent;
    show(percent);
  };
  return Object.assign(bar, { finish: () => show("done") });
}

/** Sends a message of Jupyter's protocol before it returns. */
type Broadcast = (type: string, content: Record<string, unknown>) => unknown;

/** That of the kernel, or of a page that runs cells: one offers it under this symbol. */
function broadcaster(): Broadcast | undefined {
  const offered = (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.broadcast")];
  if (typeof offered === "function") return offered as Broadcast;
  try {
    // In spite of its type it returns no promise that anything is waited for.
    return Deno.jupyter.broadcast as Broadcast;
  } catch {
    // Outside a kernel the very access throws.
    return undefined;
  }
}

function showInCell(label: string, broadcast: Broadcast): Show {
  const display_id = crypto.randomUUID();
  let messageType = "display_data";
  return (share) => {
    const text = describe(label, share);
    const html = share === "done"
      ? escapeHtml(text)
      : `${escapeHtml(label)} <progress value="${share}" max="100"></progress> ${share}%`;
    const data = { "text/html": html, "text/plain": text };
    broadcast(messageType, { data, metadata: {}, transient: { display_id } });
    messageType = "update_display_data";
  };
}

function showOnTerminal(label: string): Show {
  if (globalThis.Deno?.stderr.isTerminal() !== true) return () => {};
  return (share) => {
    const filled = share === "done" ? WIDTH : Math.floor(share * WIDTH / 100);
    const bar = "#".repeat(filled).padEnd(WIDTH, ".");
    const line = share === "done" ? `${describe(label, share)}\n` : `${label} [${bar}] ${share}%`;
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\u001b[K${line}`));
  };
}

function describe(label: string, share: number | "done"): string {
  return share === "done" ? `${label}: done` : `${label}: ${share}%`;
}
