import process from "node:process";
import { OperationalError } from "../../lib/errors.ts";

/** Runs a command and reads the one JSON value that it prints. */
export function runJson<T>(command: string, args: string[], env: Record<string, string> = {}): T {
  const { success, stdout, stderr } = new Deno.Command(command, { args, env }).outputSync();
  const decoder = new TextDecoder();
  if (!success) {
    throw new OperationalError(
      `Cannot run ${command} ${args.join(" ")}: ${decoder.decode(stderr)}`,
    );
  }
  return JSON.parse(decoder.decode(stdout));
}

/** Finds a Python that has NumPy, SciPy and scikit-learn. */
export function findPython(): string | null {
  const args = ["-c", "import numpy, scipy.sparse.linalg, sklearn.decomposition"];
  for (const python of ["python3", "/usr/bin/python3", "/usr/local/bin/python3"]) {
    try {
      if (new Deno.Command(python, { args }).outputSync().success) return python;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}

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
