import { configure, type Entry, type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";

// Deno inflates natively; a worker for each file would take longer to start than it saves.
configure({ useWebWorkers: false });

/** A file of a data set, to be read once. */
export interface DataFile {
  /** Where it is, for errors. */
  name: string;
  /** How many bytes it has. */
  size: number;
  /** Its bytes in chunks; what is wrong with the file is thrown on the way. */
  bytes: AsyncIterable<Uint8Array>;
}

/**
 * The files of a data set, in a folder or in a zip file, which is read as a stream: a large file in
 * it is neither unpacked nor held in memory.
 */
export interface DataFiles extends AsyncDisposable {
  /** Whether there is a file of this name. */
  has(name: string): boolean;
  /**
   * Opens a file.
   *
   * @param name Its name, without the folder it is in.
   * @throws {RangeError} If there is none.
   */
  open(name: string): DataFile;
}

/**
 * Opens a folder or a zip file.
 *
 * @param path The folder, or the zip file; its files may be in one folder of their own inside.
 * @returns The files.
 * @throws {RangeError} If there is nothing at the path, or it is no complete zip file.
 */
export async function dataFiles(path: string): Promise<DataFiles> {
  let isDirectory: boolean;
  try {
    ({ isDirectory } = Deno.statSync(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(`Cannot read a data set: there is no folder or zip file ${path}`);
  }
  return isDirectory ? folderFiles(path) : await zipFiles(path);
}

function folderFiles(folder: string): DataFiles {
  const inside = [...Deno.readDirSync(folder)].filter((entry) => entry.isDirectory);
  const folders = [folder, ...inside.map(({ name }) => join(folder, name))];
  const find = (name: string) =>
    folders.map((each) => join(each, name)).find((path) => existsSync(path));
  const open = (name: string): DataFile => {
    const path = find(name) ?? missing(name, folder);
    return { name: path, size: Deno.statSync(path).size, bytes: Deno.openSync(path).readable };
  };
  return {
    has: (name) => find(name) !== undefined,
    open,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function zipFiles(path: string): Promise<DataFiles> {
  const file = new FileReader(path);
  const reader = new ZipReader(file);
  let entries: Entry[];
  try {
    entries = await reader.getEntries();
  } catch (error) {
    file.close();
    throw damaged(path, error);
  }
  const find = (name: string) =>
    entries.find((entry): entry is FileEntry =>
      !entry.directory && basename(entry.filename) === name
    );
  const open = (name: string): DataFile => {
    const entry = find(name) ?? missing(name, path);
    const full = `${entry.filename} in ${path}`;
    return { name: full, size: entry.uncompressedSize, bytes: inflate(entry, full) };
  };
  return {
    has: (name) => find(name) !== undefined,
    open,
    async [Symbol.asyncDispose]() {
      await reader.close();
      file.close();
    },
  };
}

async function* inflate(entry: FileEntry, name: string): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const inflated = entry.getData(writable, { checkSignature: true });
  // Of a damaged header the stream never learns: it would wait forever.
  const failure = new Promise<never>((_, reject) => inflated.catch(reject));
  failure.catch(() => {});
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), failure]);
      if (done) break;
      yield value;
    }
    await inflated;
  } catch (error) {
    throw damaged(name, error);
  } finally {
    reader.cancel().catch(() => {});
  }
}

function damaged(name: string, error: unknown): RangeError {
  return new RangeError(
    `Cannot read a data set: ${name} is damaged or not complete (${(error as Error).message})`,
    { cause: error },
  );
}

function missing(name: string, path: string): never {
  throw new RangeError(`Cannot read a data set: there is no ${name} in ${path}`);
}

/** Reads a zip file where it is: only the parts that are asked for. */
class FileReader extends Reader<string> {
  readonly #path: string;
  #file?: Deno.FsFile;

  constructor(path: string) {
    super(path);
    this.#path = path;
  }

  override async init(): Promise<void> {
    await super.init?.();
    this.#file = await Deno.open(this.#path);
    this.size = (await this.#file.stat()).size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    await this.#file!.seek(index, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < bytes.length) {
      const read = await this.#file!.read(bytes.subarray(filled));
      if (read === null) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  }

  close(): void {
    this.#file?.close();
  }
}
