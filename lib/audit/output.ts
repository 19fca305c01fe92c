import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { type FileToWrite, writeAll, writeFilesAtomically } from "../io/files.ts";
import { InputError } from "../errors.ts";

/** What an output must not touch, and what it may. */
export interface OutputOptions {
  /** Files that are read; no output may be one of them, under whatever name. */
  inputs?: readonly string[];
  /** Whether any other regular file may be replaced. @default {false} */
  force?: boolean;
  /**
   * What the first bytes of our own earlier outputs hold, any of these: such a file is replaced
   * without being forced. By default no file counts as one.
   */
  markers?: readonly string[];
}

/**
 * Throws unless a file can be made at each path, before any work is done for it.
 *
 * A file that is there is replaced if it is an earlier output, or by force; an input, a file that
 * may not be written, a symbolic link or a folder never is. Pipes and devices, like `/dev/stdout`,
 * are written to as they are.
 */
export function assertWritable(paths: readonly string[], options: OutputOptions = {}): void {
  const { inputs = [], force = false, markers = [] } = options;
  const taken = new Set(inputs.map(identity).filter((input) => input !== null));
  for (const path of paths) {
    const refuse = (reason: string) => {
      throw new InputError(`${path} cannot be written: ${reason}`);
    };
    if (path === "") refuse("its name is empty");
    if (path.includes("\0")) refuse("its name has a character that no name may have");
    if (isStream(path)) continue;
    const folder = dirname(path);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      refuse(`there is no folder ${folder}`);
    }
    accessSync(folder, constants.W_OK);
    const own = identity(path);
    if (own !== null && taken.has(own)) refuse("it is read, or written, already");
    const place = own ?? join(realpathSync(folder), basename(path));
    if (taken.has(place)) refuse("it is written already");
    taken.add(place);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined) continue;
    if (there.isDirectory()) refuse("it is a folder");
    if (there.isSymbolicLink()) refuse("it is a symbolic link, which is not replaced");
    if (!there.isFile()) refuse("it is not a file");
    if ((there.mode & 0o222) === 0) refuse("it is read-only");
    accessSync(path, constants.W_OK);
    if (!force && !isMarked(path, markers)) {
      refuse("it is there already, and is not replaced without --force");
    }
  }
}

/**
 * Writes files, all of them or none, as {@linkcode writeFilesAtomically} does; and to pipes and devices after
 * that.
 */
export function writeFiles(files: readonly FileToWrite[], options: OutputOptions = {}): void {
  const check = () => assertWritable(files.map(({ path }) => path), options);
  check();
  const [streams, whole] = [true, false].map((is) =>
    files.filter(({ path }) => isStream(path) === is)
  );
  writeFilesAtomically(whole, check);
  for (const { path, content } of streams) {
    const number = descriptorOf(path);
    const file = number ?? openStream(path);
    try {
      writeAll(file, content);
    } finally {
      if (number === null) closeSync(file);
    }
  }
}

/** The files that a command line asks for, of those that there are: by the option that names each. */
export function contentsOf(
  line: object,
  contents: Record<string, () => FileToWrite["content"]>,
): FileToWrite[] {
  const paths = line as Record<string, string | undefined>;
  return Object.entries(contents).flatMap(([name, content]) => {
    const path = paths[name];
    return path === undefined || path === "-" ? [] : [{ path, content: content() }];
  });
}

/** Whether it is written to as it is: a pipe, a device or a file that the process has open. */
function isStream(path: string): boolean {
  if (descriptorOf(path) !== null) return true;
  const there = statSync(path, { throwIfNoEntry: false });
  return there !== undefined && (there.isFIFO() || there.isCharacterDevice());
}

/** Opens a pipe or a device to write to, but waits for nobody: a pipe must have a reader. */
function openStream(path: string): number {
  if (!statSync(path).isFIFO()) return openSync(path, "w");
  let first: number;
  try {
    first = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
    throw new InputError(`${path} cannot be written: nobody reads this pipe`);
  }
  try {
    // Writing must wait for a slow reader, who is there now, and stays while one of both is open.
    return openSync(path, "w");
  } finally {
    closeSync(first);
  }
}

/** The number of a file that the process has open, where a path stands for one. */
function descriptorOf(path: string): number | null {
  if (process.platform === "win32") return null;
  if (path === "/dev/stdout") return 1;
  if (path === "/dev/stderr") return 2;
  const match = /^\/(?:dev|proc\/self)\/fd\/([12])$/.exec(path);
  return match === null ? null : Number(match[1]);
}

/** What a file is, under whatever name; null where there is none. */
function identity(path: string): string | null {
  let there: Stats | undefined;
  try {
    there = statSync(path, { throwIfNoEntry: false });
  } catch {
    return null;
  }
  return there === undefined ? null : `${there.dev}:${there.ino}`;
}

/** Whether the first bytes of a file hold one of the markers. */
function isMarked(path: string, markers: readonly string[]): boolean {
  const file = openSync(path, "r");
  try {
    const bytes = new Uint8Array(1024);
    const head = new TextDecoder().decode(bytes.subarray(0, readSync(file, bytes, 0, 1024, 0)));
    return markers.some((marker) => head.includes(marker));
  } finally {
    closeSync(file);
  }
}

/** A line on a terminal that says how far a command has come; elsewhere nothing is shown. */
interface TerminalProgress {
  /** Can be given as `onProgress`. */
  (done: number, total: number, stage?: string): void;
  /** Clears the line. */
  finish(): void;
}

/** Shows on standard error, if that is a terminal, what is done and how much of it. */
export function terminalProgress(label: string): TerminalProgress {
  const show = (text: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  };
  const bar = (done: number, total: number, stage = "") =>
    show(`${label}: ${Math.floor(100 * done / total)}% ${stage}`);
  return Object.assign(bar, { finish: () => show("") });
}
