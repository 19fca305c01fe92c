import process from "node:process";

/** A line on a terminal that says how far a command has come; elsewhere nothing is shown. */
export interface TerminalProgress {
  /** Can be given as `onProgress`. */
  (done: number, total: number, stage?: string): void;
  /** Clears the line. */
  finish(): void;
}

/**
 * Shows on standard error, if that is a terminal, what is done and how much of it.
 *
 * @param label What is in progress; a few words of plain text.
 */
export function terminalProgress(label: string): TerminalProgress {
  const show = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  };
  const bar = (done: number, total: number, stage = "") =>
    show(`${label}: ${Math.floor(100 * done / total)}% ${stage}`);
  return Object.assign(bar, { finish: () => show("") });
}
