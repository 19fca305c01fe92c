import { InputError } from "../../errors.ts";
import { assertMemory, type ByteSource, textPieces } from "./bytes.ts";

/** What a parsed file takes, in multiples of its bytes. */
const PARSED = 2;
/** Objects within one another; V8 itself overflows its stack in much deeper ones. */
const DEEPEST = 1000;

/**
 * Reads JSON as JavaScript does.
 *
 * @throws {InputError} If it is none, or takes more than `memory` megabytes.
 */
export function parseJson(source: ByteSource, memory: number): unknown {
  const text = wholeText(source, memory);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noJson(source.name, error);
  }
}

/**
 * Reads JSON and keeps what it says: the order of keys that are integers, integers that a number
 * cannot hold (as bigint), NaN and Infinity as Python writes them.
 *
 * @returns Objects are maps where the order of their keys would be lost otherwise.
 * @throws {InputError} If it is none, or takes more than `memory` megabytes.
 */
export function parseOrdered(source: ByteSource, memory: number): unknown {
  return parseExactly(wholeText(source, memory), source.name);
}

/** The same, of a text. */
export function parseExactly(text: string, name: string): unknown {
  try {
    if (!NEEDS_CARE.test(text)) return JSON.parse(text);
  } catch (error) {
    if (!/\b(NaN|Infinity)\b/.test(text)) throw noJson(name, error);
  }
  try {
    return new Parser(text).whole();
  } catch (error) {
    throw noJson(name, error);
  }
}

/** A key that is an integer, or an integer of 16 digits and more outside of text. */
const NEEDS_CARE = /"(0|[1-9]\d{0,9})"\s*:|[[,:\s]-?\d{16,}\s*[,}\]]/;

/** The keys and values of an object, in the order of the file. */
export function entriesOf(value: Fields): Iterable<[string, unknown]> {
  return value instanceof Map ? value.entries() : Object.entries(value);
}

/** The value of a key. */
export function fieldOf(value: Fields, key: string): unknown {
  if (value instanceof Map) return value.get(key);
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** An object of JSON. */
export type Fields = Map<string, unknown> | Record<string, unknown>;

/** Whether a value is an object of JSON. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !ArrayBuffer.isView(value);
}

function wholeText(source: ByteSource, memory: number): string {
  assertMemory(
    source.name,
    "parsing it at once",
    source.size * PARSED,
    memory,
    "; JSON lines (.jsonl) are read line by line",
  );
  return [...textPieces(source)].join("");
}

function noJson(name: string, error: unknown): InputError {
  // V8 quotes the text, line ends and all.
  const message = (error as Error).message.replaceAll(/\s+/g, " ").slice(0, 200);
  return new InputError(`${name} is no JSON: ${message}`);
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #fail(): never {
    const shown = JSON.stringify(this.#text.slice(this.#at, this.#at + 20));
    throw new SyntaxError(
      this.#at >= this.#text.length
        ? "Unexpected end of JSON input"
        : `Unexpected ${shown} at position ${this.#at}`,
    );
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) this.#at++;
      else return;
    }
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) throw new SyntaxError(`more than ${DEEPEST} levels`);
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#plain();
    }
  }

  #object(depth: number): Map<string, unknown> {
    const fields = new Map<string, unknown>();
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === "}") {
      this.#at++;
      return fields;
    }
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail();
      const key = this.#string();
      this.#space();
      if (this.#text[this.#at++] !== ":") this.#fail();
      fields.set(key, this.#value(depth + 1));
      this.#space();
      const next = this.#text[this.#at++];
      if (next === "}") return fields;
      if (next !== ",") this.#fail();
    }
  }

  #array(depth: number): unknown[] {
    const list: unknown[] = [];
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === "]") {
      this.#at++;
      return list;
    }
    for (;;) {
      list.push(this.#value(depth + 1));
      this.#space();
      const next = this.#text[this.#at++];
      if (next === "]") return list;
      if (next !== ",") this.#fail();
    }
  }

  #string(): string {
    const start = this.#at;
    for (let at = start + 1;; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x5c) at++;
      else if (code === 0x22) {
        this.#at = at + 1;
        return JSON.parse(this.#text.slice(start, this.#at));
      } else if (Number.isNaN(code)) {
        this.#at = at;
        this.#fail();
      }
    }
  }

  #plain(): unknown {
    PLAIN.lastIndex = this.#at;
    const word = PLAIN.exec(this.#text)?.[0];
    if (word === undefined) this.#fail();
    this.#at += word.length;
    switch (word) {
      case "true":
        return true;
      case "false":
        return false;
      case "null":
        return null;
      default: {
        const value = Number(word);
        return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(word)
          ? BigInt(word)
          : value;
      }
    }
  }
}

const PLAIN = /true|false|null|NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
