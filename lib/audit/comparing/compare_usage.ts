/** What `audit compare --help` shows. */
export const COMPARE_USAGE = `Usage: deno task audit compare A B [options]

Compares embeddings of the same items: two seeds of a training, two versions of a model, a file before
and after compression. Items are matched by their ids, or row by row where a file has none.

  --min-overlap X     exit with code 1 if nearest neighbors overlap less than this, between 0 and 1
  --popularity WHERE  how popular each item is: a column of A, or a file with a value for each item
  --ids WHERE         what to call each item: a column of both, or a file with an id for each item of A
  --ids-b WHERE       the same for B, where it differs
  --html FILE         write a report that needs no network
  --json FILE         write all numbers; - prints them instead of the summary
  --force             let --html and --json replace files that no comparison wrote
  --vectors NAME      which array, tensor or column holds the vectors, where there are several
  --memory MB         the most memory that reading, or fitting maps, may take (1000)
  --neighbors N       how many nearest neighbors to compare (10)
  --sample N          among how many random items, at most, to look for them (5000)
  --seed TEXT         the same seed gives the same report (cosine-lab)
  --help              show this

Exit code: 0 when the comparison was made; 1 when neighbors overlap less than --min-overlap; 2 when the
input cannot be used.`;
