/**
 * Makes `inst_eval.parquet` of R's lme4, whose data set InstEval it is:
 *
 *     deno run -A data/inst_eval.ts [LME4 [FOLDER]]
 *
 * `LME4` is the folder of the installed package: of Debian's r-cran-lme4 by default,
 * /usr/lib/R/site-library/lme4. It needs `Rscript`, of Debian's r-base-core. The same data gives the same
 * bytes.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import { join } from "node:path";

const [lme4 = "/usr/lib/R/site-library/lme4", folder = new URL(".", import.meta.url).pathname] =
  Deno.args;
const csv = Deno.makeTempFileSync({ suffix: ".csv" });
try {
  const { success, stderr } = await new Deno.Command("Rscript", {
    args: [
      "-e",
      "args <- commandArgs(TRUE); lazyLoad(file.path(args[1], 'data', 'Rdata')); " +
      "write.csv(data.frame(lapply(InstEval[c('s', 'd', 'y', 'dept')], as.character)), " +
      "args[2], row.names = FALSE, quote = FALSE)",
      lme4,
      csv,
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  // By one thread, so that the bytes are always the same.
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run(
      `COPY (SELECT s::SMALLINT AS student, d::SMALLINT AS lecturer, y::TINYINT AS rating,
               dept::TINYINT AS department FROM read_csv('${csv}') ORDER BY student, lecturer)
       TO '${join(folder, "inst_eval.parquet").replaceAll("'", "''")}'
       (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 19)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
} finally {
  Deno.removeSync(csv);
}
