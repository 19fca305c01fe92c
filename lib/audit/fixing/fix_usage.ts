/** What `audit fix --help` shows. */
export const FIX_USAGE = `Usage: deno task audit fix FILE --labels WHERE | --pairs FILE [options]
       deno task audit fix FILE --correction NAME [options]
       deno task audit fix --apply TRANSFORM NEW [options]

Chooses a correction of embeddings by evidence: half of it chooses, the other half reports how much
better the nearest neighbors by cosine are than without. Writes the corrected vectors and, as
transform.json, what new vectors of the same model take. Where nothing is shown to help, it says "keep
as is" and writes nothing.

  --labels WHERE      what each item is: a column of FILE, or a file with a value for each item
  --pairs FILE        items that belong together, .tsv, .csv or .txt: two ids, and a weight if wanted
                      (co-clicks); or TREC's qrels
  --correction NAME   apply this one without evidence: as-is, center, remove-top-R, z-scores,
                      whitening, canonical-A
  --users FILE        the users' embeddings: tries the canonical spectrum, too, canonical-0 to -1
  --interactions FILE the same from users and items, where the users' embeddings are not at hand
  --apply TRANSFORM   correct the vectors of NEW as a transform.json says
  --out FILE          the corrected vectors (FILE.fixed.npy); ids go beside it, as .ids.txt or .json
  --transform FILE    where the transform goes (beside the vectors, .transform.json)
  --normalize         make the corrected vectors as long as 1
  --json FILE         write all numbers; - prints them instead of the summary
  --force             replace files that are there
  --ids WHERE         what to call each item
  --vectors NAME      which array, tensor or column holds the vectors, where there are several
  --memory MB         the most memory that reading, or a correction, may take (1000)
  --neighbors N       how many nearest neighbors are judged (10)
  --sample N          among how many random items, at least, to look for them (5000)
  --seed TEXT         the same seed gives the same choice (cosine-lab)
  --help              show this

Exit code: 0 when it was done, also where it says "keep as is"; 2 when the input cannot be used.`;
