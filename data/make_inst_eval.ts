/**
 * Makes `inst_eval.parquet` of R's lme4, whose data set InstEval it is:
 *
 *     deno run -A data/make_inst_eval.ts [LME4 [FOLDER]]
 *
 * `LME4` is the folder of the installed package: of Debian's r-cran-lme4 by default,
 * /usr/lib/R/site-library/lme4. It needs `Rscript`, of Debian's r-base-core. The same data gives the same
 * bytes.
 */
import { join } from "node:path";
import { copyToParquet } from "./write_parquet.ts";

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
  await copyToParquet(
    `SELECT s::SMALLINT AS student, d::SMALLINT AS lecturer, y::TINYINT AS rating,
            dept::TINYINT AS department FROM read_csv('${csv}') ORDER BY student, lecturer`,
    join(folder, "inst_eval.parquet"),
    { version: "V2" },
  );
} finally {
  Deno.removeSync(csv);
}
