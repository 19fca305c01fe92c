import { archiveFiles } from "./archive_files.ts";
import { fvecsFiles, npyFiles, safetensorsFiles } from "./array_files.ts";
import type { HostileFile } from "./hostile_file.ts";
import { specialFiles } from "./special_files.ts";
import { arrowFiles, parquetFiles } from "./table_files.ts";
import { csvFiles, jsonFiles, misnamedFiles, wordFiles } from "./text_files.ts";
import { truncatedFiles } from "./truncated_files.ts";

/**
 * All hostile files in place of embeddings: the same ones for the same seed, but for what DuckDB and
 * polars write into theirs.
 *
 * @param folder Where there is room to make them.
 */
export async function embeddingFiles(seed: string, folder: string): Promise<HostileFile[]> {
  return [
    ...npyFiles(seed),
    ...archiveFiles(seed),
    ...safetensorsFiles(seed),
    ...fvecsFiles(seed),
    ...csvFiles(seed),
    ...jsonFiles(seed),
    ...wordFiles(seed),
    ...misnamedFiles(seed),
    ...await parquetFiles(folder),
    ...arrowFiles(seed, folder),
    ...specialFiles(seed),
    ...truncatedFiles(seed),
  ];
}
