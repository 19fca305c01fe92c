import type { EmbeddingRows } from "../embedding_rows.ts";
import type { FullOpenOptions, ReadFile, SideColumn } from "./embedding_file.ts";
import { risingColumns, withoutColumns } from "./rising_columns.ts";
import { allDistinct } from "./side_collector.ts";
import { listed, type TableColumns } from "./table_columns.ts";

/**
 * Decides, once all rows of a table are there, which of its columns are ids, and says aloud what was
 * taken for granted.
 */
export function finishTable(
  file: string,
  table: {
    rows: EmbeddingRows;
    columns: TableColumns;
    side: Record<string, SideColumn>;
    format: string;
    dtype: string;
  },
  { columns: asked, ids: askedIds }: FullOpenOptions,
): ReadFile {
  const { columns, side } = table;
  const notes: string[] = [];
  let ids = columns.ids === undefined ? undefined : side[columns.ids];
  const leftOut = [...columns.leftOut];
  for (const name of columns.maybeIds) {
    if (ids === undefined && side[name] !== undefined && allDistinct(side[name])) {
      ids = side[name];
      notes.push(
        `${file}: column ${
          listed([name])
        } holds text that is different in every row: it is taken as the ids`,
      );
    } else if (!asked.includes(name)) leftOut.push(name);
  }
  const rising = columns.vector === undefined ? risingColumns(table.rows) : [];
  for (const [i, place] of rising.entries()) {
    const name = listed([columns.names[columns.coordinates[place]]]);
    const taken = ids === undefined && i === 0;
    if (taken) ids = columnOf(table.rows, place);
    notes.push(
      `${file}: column ${name} holds integers that only rise or fall, like a row number: it is ` +
        `${taken ? "taken as the ids" : "left out"}, it is no coordinate`,
    );
  }
  if (columns.ids !== undefined && askedIds === undefined && !asked.includes(columns.ids)) {
    const name = columns.ids === ""
      ? "the column without a name"
      : `column ${listed([columns.ids])}`;
    notes.push(`${file}: ${name} is taken as the ids`);
  }
  if (leftOut.length > 0) {
    notes.push(
      `${file}: ${leftOut.length === 1 ? "column" : "columns"} ${
        listed(leftOut)
      } left out, no coordinates`,
    );
  }
  return {
    rows: withoutColumns(table.rows, rising),
    ids,
    columns: Object.fromEntries(Object.entries(side).filter(([name]) => asked.includes(name))),
    format: table.format,
    dtype: table.dtype,
    notes,
  };
}

function columnOf(source: EmbeddingRows, c: number): number[] {
  const values: number[] = [];
  for (const block of source.blocks()) {
    for (let i = 0; i < block.rows; i++) values.push(block.values[i * source.columns + c]);
  }
  return values;
}
