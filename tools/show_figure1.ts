import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const CONFIG = fileURLToPath(import.meta.resolve("../deno.json"));

/**
 * Shows Figure 1 before a run that takes minutes: prints its AUCs, and draws it into the current
 * folder, by `deno task figure1`, whose memory is free again when the notebooks begin.
 *
 * @param signal Ends it at once.
 * @returns The exit code; the reason of the signal, when it was aborted.
 */
export async function showFigure1(signal: AbortSignal): Promise<number> {
  const task = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "--config", CONFIG, "figure1", resolve("figure1.png")],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    signal,
  });
  const { code } = await task.spawn().status;
  console.log();
  return signal.aborted ? signal.reason : code;
}
