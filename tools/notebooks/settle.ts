import type { ImportStatement } from "./find_imports.ts";
import type { Kernel } from "./kernel.ts";
import type { Message } from "./message.ts";

/** What the kernel knows after a cell that it does not say by itself. */
export interface Settled {
  /** Errors that nothing caught: in a promise nobody awaits, in a timer. */
  uncaught: string[];
  /** Names that a module was asked for but does not export: they are `undefined` in the kernel. */
  missing: { specifier: string; name: string }[];
  /** Modules that cannot be loaded, and why. */
  unresolved: { specifier: string; reason: string }[];
}

const MARKER = "application/vnd.cosine-lab.settled+json";

// Without the listeners the kernel loses such an error without a word, and an error in a timer
// stalls its event loop for seconds.
const LISTEN = `
globalThis[Symbol.for("${MARKER}")] = [];
for (const type of ["error", "unhandledrejection"]) {
  addEventListener(type, (event) => {
    event.preventDefault();
    const error = event.reason ?? event.error;
    globalThis[Symbol.for("${MARKER}")].push(String(error?.stack ?? error));
  });
}`;

const REPORT = `async (imports) => {
  const report = { uncaught: [], missing: [], unresolved: [] };
  for (const { specifier, names } of imports) {
    try {
      const module = await import(specifier);
      for (const name of names) {
        if (!(name in module)) report.missing.push({ specifier, name });
      }
    } catch (error) {
      report.unresolved.push({ specifier, reason: String(error?.message ?? error) });
    }
  }
  await new Promise((done) => setTimeout(done, 0));
  report.uncaught = globalThis[Symbol.for("${MARKER}")].splice(0);
  const data = { "${MARKER}": report };
  await Deno.jupyter.broadcast("display_data", { data, metadata: {}, transient: {} });
}`;

/** Prepares a fresh kernel for {@link settle}. */
export async function prepareToSettle(kernel: Kernel): Promise<void> {
  await kernel.execute(LISTEN, () => {}, { hidden: true });
}

/**
 * Waits until everything that a cell shows has arrived, and asks the kernel about what it keeps
 * silent.
 *
 * A kernel that is idle may still owe outputs: the result of the cell, and displays that the cell
 * did not await, are sent only when its event loop turns next. A second, hidden request turns it,
 * and what it broadcasts at its end arrives after all of them. Until then they count as the cell's,
 * whichever of the two requests the kernel ascribes them to.
 *
 * An import that names something which the module does not export leaves `undefined` and no
 * error; and where the specifier stands for an npm package that cannot be had, or the cell is no
 * valid TypeScript, the kernel answers "Execution failed" without a reason and shows nothing.
 */
export async function settle(
  kernel: Kernel,
  imports: readonly ImportStatement[],
  listener: (message: Message) => void,
): Promise<Settled> {
  const settled = Promise.withResolvers<Settled>();
  const asked = imports.map(({ specifier, bindings }) => ({
    specifier,
    names: bindings.filter((b) => !b.isType && b.imported !== "*").map((b) => b.imported),
  }));
  const reply = await kernel.execute(`await (${REPORT})(${JSON.stringify(asked)})`, (message) => {
    const report = message.content.data?.[MARKER];
    if (report === undefined) listener(message);
    else settled.resolve(report);
  }, { hidden: true });
  if (reply.status !== "ok") {
    throw new Error(`The kernel does not answer after the cell: ${reply.evalue ?? reply.status}`);
  }
  return await Promise.race([settled.promise, kernel.lost]);
}
