const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Aborts when the process is told to end (Ctrl-C, a task that is stopped, a terminal that is
 * closed). The reason is the exit code by which a shell knows that signal.
 */
export function onSignal(): AbortSignal {
  const controller = new AbortController();
  const signals = Deno.build.os === "windows"
    ? ["SIGINT" as const]
    : Object.keys(CODES) as (keyof typeof CODES)[];
  for (const signal of signals) {
    Deno.addSignalListener(signal, () => controller.abort(CODES[signal]));
  }
  return controller.signal;
}
