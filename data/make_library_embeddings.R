# Item vectors of R's irlba, for `make_library_embeddings.ts`, which runs this: see make_library_embeddings.py.
#
#     Rscript make_library_embeddings.R FOLDER

suppressPackageStartupMessages({
  library(Matrix)
  library(irlba)
})

folder <- commandArgs(trailingOnly = TRUE)[1]
integers <- function(path) readBin(path, "integer", file.size(path) / 4, size = 4)

for (path in Sys.glob(file.path(folder, "*.columns"))) {
  name <- sub("\\.columns$", "", path)
  columns <- integers(path)
  starts <- integers(paste0(name, ".starts"))
  x <- sparseMatrix(
    i = rep(seq_len(length(starts) - 1), diff(starts)), j = columns + 1, x = 1,
    dims = c(length(starts) - 1, max(columns) + 1)
  )
  set.seed(0)
  v <- irlba(x, nv = 50)$v
  writeBin(as.vector(t(v)), paste0(name, ".irlba-v"), size = 4)
  cat(basename(name), "irlba-v", dim(v), "\n")
}
versions <- sprintf('{"R": "%s", "irlba": "%s"}', getRversion(), packageVersion("irlba"))
writeLines(versions, file.path(folder, "r.versions"))
