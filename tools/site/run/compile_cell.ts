import { type AnyNode, type Node, parse, type Pattern } from "acorn";
import { transform } from "sucrase";

/** A cell as a module. */
interface CompiledCell {
  /**
   * The body of an async function in strict mode, each line where it is in the cell. What the cell
   * declares at its top level it assigns to names from outside, so that the next cell has them; it
   * imports with `__import(specifier, names)`, and returns `[value]` where it ends in an expression.
   */
  body: string;
  /** What it declares at its top level. */
  names: string[];
}

/** Code that cannot be compiled, and where. */
export class CellSyntaxError extends SyntaxError {
  override name = "SyntaxError";

  /** @param line The line of the cell, from 1. */
  constructor(message: string, readonly line: number) {
    super(message);
  }
}

/** A piece of the code, and what takes its place. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * Compiles a cell of a notebook as the Deno kernel does: types are removed and not checked, names may
 * be declared again, and `await` and `import` stand anywhere.
 *
 * @param code The TypeScript code of the cell.
 * @returns The body of a function.
 * @throws {CellSyntaxError} If it is not TypeScript.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileCell } from "./compile_cell.ts";
 *
 * const { body, names } = compileCell("const two: number = 2;\ntwo * two");
 * assert.deepEqual(names, ["two"]);
 * assert.equal(body, ";(two = 2);\nreturn [(two * two)];");
 * ```
 */
export function compileCell(code: string): CompiledCell {
  const plain = located(() =>
    transform(code, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true,
      preserveDynamicImport: true,
    }).code
  );
  const program = located(() =>
    parse(plain, { ecmaVersion: "latest", sourceType: "module", locations: true })
  );
  const names = new Set<string>();
  const edits: Edit[] = [];
  const hoisted: string[] = [];
  const text = ({ start, end }: Node) => plain.slice(start, end);
  const last = program.body.at(-1);
  for (const statement of program.body) {
    const { start, end } = statement;
    switch (statement.type) {
      case "VariableDeclaration": {
        // Disposed of when the cell ends, as in the kernel.
        if (!["const", "let", "var"].includes(statement.kind)) break;
        const [first] = statement.declarations;
        edits.push({
          start,
          end: first.start,
          text: `;${lineBreaks(plain.slice(start, first.start))}`,
        });
        for (const { id, init, start, end } of statement.declarations) {
          declared(id).forEach((name) => names.add(name));
          edits.push({ start, end: start, text: "(" });
          edits.push({ start: end, end, text: `${init ? "" : " = undefined"})` });
        }
        if (plain[end - 1] !== ";") edits.push({ start: end, end, text: ";" });
        break;
      }
      case "FunctionDeclaration": {
        const { id: { name, start, end } } = statement as typeof statement & {
          id: AnyNode & { name: string };
        };
        names.add(name);
        edits.push({ start, end, text: `__${name}` });
        hoisted.push(`${name} = Object.defineProperty(__${name}, "name", { value: "${name}" });`);
        break;
      }
      case "ClassDeclaration": {
        const { id } = statement as typeof statement & { id: AnyNode & { name: string } };
        names.add(id.name);
        edits.push({ start, end: start, text: `;${id.name} = ` }, { start: end, end, text: ";" });
        break;
      }
      case "ImportDeclaration": {
        const { source, specifiers } = statement;
        const imported = specifiers.map((specifier) => {
          const local = specifier.local.name;
          names.add(local);
          if (specifier.type === "ImportNamespaceSpecifier") return { local, name: "*" };
          if (specifier.type === "ImportDefaultSpecifier") return { local, name: "default" };
          const { imported } = specifier;
          const name = imported.type === "Literal" ? String(imported.value) : imported.name;
          return { local, name };
        });
        const wanted = JSON.stringify(imported.map(({ name }) => name));
        const targets = imported.map(({ local }) => local).join(", ");
        const lines = lineBreaks(text(statement));
        const call = `await __import(${text(source)}, ${wanted})`;
        edits.push({ start, end, text: `;[${targets}] = ${call};${lines}` });
        break;
      }
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
      case "ExportAllDeclaration":
        throw new CellSyntaxError(
          "A cell exports nothing: what it declares, the cells after it have",
          statement.loc!.start.line,
        );
      case "ExpressionStatement":
        if (statement !== last) break;
        edits.push({ start, end: start, text: "return [(" });
        edits.push({ start: plain[end - 1] === ";" ? end - 1 : end, end, text: ")];" });
    }
  }
  edits.push(...dynamicImports(program));
  const prelude = hoisted.join(" ");
  return { body: prelude + edited(plain, edits), names: [...names] };
}

/** Runs a parser; what it says of an error gets the line apart. */
function located<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { message, loc } = error as Error & { loc?: { line: number } };
    const reason = message.replace(/^Error (parsing|transforming) \w*: /, "")
      .replace(/ ?\(\d+:\d+\)$/, "");
    throw new CellSyntaxError(reason, loc?.line ?? 1);
  }
}

/** The names in a pattern. */
function declared(pattern: Pattern | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        declared(property.type === "RestElement" ? property.argument : property.value)
      );
    case "ArrayPattern":
      return pattern.elements.flatMap(declared);
    case "AssignmentPattern":
      return declared(pattern.left);
    case "RestElement":
      return declared(pattern.argument);
    default:
      return [];
  }
}

/** `import(…)`, wherever it stands, asks the page as well. */
function dynamicImports(node: unknown): Edit[] {
  if (Array.isArray(node)) return node.flatMap(dynamicImports);
  if (typeof node !== "object" || node === null || !("type" in node)) return [];
  const { type, start } = node as Node;
  const own = type === "ImportExpression"
    ? [{ start, end: start + "import".length, text: "__import" }]
    : [];
  return [...own, ...Object.values(node).flatMap(dynamicImports)];
}

/** The line breaks of what is replaced: each line stays where it is. */
const lineBreaks = (text: string) => text.replace(/[^\n]/g, "");

/** Applies edits that do not overlap; those at one place in the order in which they are given. */
function edited(text: string, edits: readonly Edit[]): string {
  let result = "", at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
