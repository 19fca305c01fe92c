import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Validator } from "@cfworker/json-schema";
import {
  alignEmbeddings,
  auditEmbeddings,
  type AuditOptions,
  chooseCorrection,
  compareEmbeddings,
} from "cosine-lab/audit";
import { FLAGS } from "../../lib/audit/measures/measures.ts";
import { LEVELS } from "../../lib/audit/verdict.ts";
import { clustered, equation1, equation2, rogue } from "./table_files.ts";

/** What the tests look at in a schema; the validator knows all of JSON Schema. */
interface Schema {
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

const schemaOf = (command: string): Schema =>
  JSON.parse(readFileSync(`docs/${command}-schema.json`, "utf8"));

/**
 * A schema that allows no name but those that it knows. The published ones allow more, so that a
 * report may gain a number; what we write today they must know.
 */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return schema;
  const all = Object.fromEntries(
    Object.entries(schema).map(([name, part]) => [name, strict(part)]),
  );
  return "properties" in all && "type" in all ? { ...all, additionalProperties: false } : all;
}

/** Asserts that what a report becomes as JSON is as a schema says. */
function assertValid(report: unknown, schema: Schema): void {
  const validator = new Validator(strict(schema) as object, "2020-12", false);
  const { errors } = validator.validate(JSON.parse(JSON.stringify(report)));
  const places = errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
  assert.deepEqual(places, []);
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
  const schema = schemaOf("audit");
  for (const report of reports) assertValid(report, schema);
  const { verdict } = schema.properties!;
  assert.deepEqual(verdict.properties!.level.enum, LEVELS);
  assert.deepEqual(verdict.properties!.flags.items!.enum, FLAGS);
});

Deno.test("the JSON of comparisons is as docs/compare-schema.json says", () => {
  const draw = { items: 120, dimensions: 12, seed: "schema" };
  const { B, popularity } = equation2(draw);
  const other = clustered(draw);
  const ids = (prefix: string) => Array.from({ length: 120 }, (_, i) => `${prefix}${i}`);
  const few = B.subMatrix(0, 11, 0, 11);
  const schema = schemaOf("compare");
  for (
    const report of [
      compareEmbeddings(B, B, { popularity }),
      compareEmbeddings(B, other),
      compareEmbeddings(few, other.subMatrix(0, 11, 0, 11)),
      compareEmbeddings(B, other, {
        idsOfA: ids("a"),
        idsOfB: [...ids("a").slice(0, 60), ...ids("A").slice(60)],
      }),
    ]
  ) {
    assertValid(report, schema);
  }
});

Deno.test("the JSON of a chosen correction is as docs/fix-schema.json says, and so is a map", () => {
  const draw = { items: 240, dimensions: 8, seed: "schema" };
  const { B, users, clusters: labels } = equation1(draw, 0.5);
  const pairs = { first: [...labels.keys()], second: Array.from(labels, (_, i) => (i + 9) % 240) };
  const schema = schemaOf("fix");
  const correction = (schema as { $defs: Record<string, Schema> }).$defs.correction;
  for (
    const report of [chooseCorrection(B, { labels }, { users }), chooseCorrection(B, { pairs })]
  ) {
    assertValid(report, schema);
  }
  const stretched = B.clone().mulRowVector([1, 2, 3, 4, 5, 6, 7, 8]);
  const map = alignEmbeddings(B, stretched, compareEmbeddings(B, stretched));
  assertValid(map, correction);
});
