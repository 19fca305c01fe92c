import type { HostileFile } from "./hostile_file.ts";
import type { CommandRun } from "./run_command.ts";

/** A hang, in milliseconds of processor time; how fast a command is, the bench measures. */
const HANGS = 120_000;

/**
 * What is not as it should be after a command: anything but success, with every figure a number, or
 * one line that says what is wrong.
 *
 * @param name What the line starts with.
 * @param run What the command ended in.
 * @param outcome What it had to end in.
 * @param page The page that it wrote, where it wrote one.
 */
export function complaintAbout(
  name: string,
  run: CommandRun,
  outcome: HostileFile["outcome"],
  page = "",
): string | undefined {
  const { code, stdout, stderr, milliseconds, notFinite } = run;
  if (milliseconds > HANGS) return `takes ${Math.round(milliseconds)} ms`;
  if (code === 2) {
    const [line, ...more] = stderr.split("\n");
    if (more.join() !== "" || !line.startsWith(`${name}: `)) return `says ${stderr.slice(0, 2000)}`;
    if (isControlled(line)) return `says what is not printable: ${JSON.stringify(line)}`;
    if (stdout !== "") return `prints ${stdout.slice(0, 200)} before it refuses`;
    if (outcome === "read") return `refuses: ${line}`;
    return outcome === "either" || outcome.test(line) ? undefined : `says another thing: ${line}`;
  }
  if (code !== 0 && code !== 1) return `ends with ${code}: ${stderr.slice(0, 2000)}`;
  if (outcome instanceof RegExp) return "takes it";
  if (notFinite.length > 0) return `has figures that are none: ${notFinite.slice(0, 5).join(", ")}`;
  const figure = /.{0,40}\b(NaN|Infinity|undefined|\[object \w+\])\b.{0,40}/.exec(
    // What was left out is said in words.
    (stdout + page).replaceAll("NaN or infinite", ""),
  );
  if (figure !== null) return `shows ${figure[0]}`;
  // JSON is for programs: it escapes what it must, and no more.
  return isControlled(stdout) && !stdout.startsWith("{")
    ? `prints ${JSON.stringify(stdout.slice(0, 300))}`
    : undefined;
}

/** Whether there are characters that move a terminal's cursor, or change its colors. */
function isControlled(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text);
}
