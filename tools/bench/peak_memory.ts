import process from "node:process";

/** The peak of resident memory of this process so far, in MB. */
export function peakMemory(): number {
  // What the operating system accounts for includes the parent, up to where this program started.
  const status = Deno.build.os === "linux" ? Deno.readTextFileSync("/proc/self/status") : "";
  const own = status.match(/^VmHWM:\s+(\d+) kB/m);
  return own === null ? process.resourceUsage().maxRSS / 1024 : Number(own[1]) / 1024;
}

/** Lets the peak start anew from what is resident now, where the system can (Linux). */
export function resetPeakMemory(): void {
  if (Deno.build.os === "linux") Deno.writeTextFileSync("/proc/self/clear_refs", "5");
}
