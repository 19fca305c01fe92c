/**
 * Loaded before a program: when that ends, what it took at most, in megabytes, is written into the
 * file that `PEAK_FILE` names.
 *
 * @module
 */
globalThis.addEventListener("unload", () => {
  Deno.writeTextFileSync(Deno.env.get("PEAK_FILE")!, `${peak() / 1e6}`);
});

/** Of this process alone: what the system counts as a process's most has its parent's in it. */
function peak(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))!;
    return 1024 * Number(kilobytes);
  } catch {
    // Elsewhere than on Linux: what it takes in the end.
    return Deno.memoryUsage().rss;
  }
}
