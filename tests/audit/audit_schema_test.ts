import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { auditEmbeddings, type AuditOptions } from "cosine-lab/audit";
import { FLAGS } from "../../lib/audit/measures/measures.ts";
import { LEVELS } from "../../lib/audit/verdict.ts";
import { clustered, equation2, rogue } from "./table_files.ts";

/** What of JSON Schema docs/audit-schema.json uses. */
interface Schema {
  type: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}

const schema: Schema = JSON.parse(readFileSync("docs/audit-schema.json", "utf8"));

/** Where a value is not as the schema says. */
function violations(value: unknown, { type, enum: allowed, ...rest }: Schema, path = ""): string[] {
  const own = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const types = [type].flat();
  const fits = types.includes(own) || types.includes("integer") && Number.isInteger(value);
  if (!fits) return [`${path} is ${own}, not ${types.join(" or ")}`];
  if (allowed !== undefined && !allowed.includes(value)) return [`${path} is ${value}`];
  if (own === "array") {
    return (value as unknown[]).flatMap((entry, i) =>
      violations(entry, rest.items!, `${path}[${i}]`)
    );
  }
  if (own !== "object") return [];
  const names = Object.keys(value as object), known = Object.keys(rest.properties!);
  assert.deepEqual(rest.required, known);
  return [
    ...names.filter((name) => !known.includes(name)).map((name) => `${path}.${name} is not known`),
    ...known.filter((name) => !names.includes(name)).map((name) => `${path}.${name} is missing`),
    ...known.filter((name) => names.includes(name)).flatMap((name) =>
      violations(
        (value as Record<string, unknown>)[name],
        rest.properties![name],
        `${path}.${name}`,
      )
    ),
  ];
}

Deno.test("the JSON of audits of every kind is as docs/audit-schema.json says", () => {
  const draw = { items: 120, dimensions: 12, seed: "schema" };
  const { B, users, popularity, clusters: labels } = equation2(draw);
  const queries = users.subMatrix(0, 9, 0, users.columns - 1);
  const pairs = { queries: [0, 1], items: [3, 4] };
  const all: AuditOptions = { users, popularity, labels, queries, pairs };
  const userCounts = new Array(users.rows).fill(1);
  const reports = [
    auditEmbeddings(B, all),
    auditEmbeddings(B, { ...all, userCounts, trained: "factors" }),
    auditEmbeddings(clustered(draw), { trained: "sum" }),
    auditEmbeddings(rogue(draw).B, { trained: "cosine" }),
  ];
  for (const report of reports) {
    assert.deepEqual(violations(JSON.parse(JSON.stringify(report)), schema), []);
  }
  const { verdict } = schema.properties!;
  assert.deepEqual(verdict.properties!.level.enum, LEVELS);
  assert.deepEqual(verdict.properties!.flags.items!.enum, FLAGS);
});
