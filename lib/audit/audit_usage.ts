import { FLAGS } from "./measures/measures.ts";
import { LEVELS } from "./verdict.ts";

/** What `audit --help` shows. */
export const AUDIT_USAGE = `Usage: deno task audit FILE [options]
       deno task audit compare A B [options]    two runs of one model: how much is a choice?
       deno task audit fix FILE [options]       choose a correction by evidence, and apply it

Finds out what cosines of embeddings can be trusted for. FILE has a row for each item: .npy, .npz,
.safetensors, word vectors (.vec, .txt, .bin), .csv, .tsv, .parquet, .arrow, .feather, .json, .jsonl
or .fvecs.

  --trained HOW       how the model was trained:
                        product   on dot products, no weight decay on each side (dropout,
                                  denoising, Eq. 1)
                        factors   on dot products, weight decay on users and items (Eq. 2)
                        softmax   on a softmax over the items
                        sum       the vectors are sums of both sides (GloVe)
                        cosine    on cosines, or normalized within the model
                        unknown   (the default)
  --biases            the model has a bias for each item and user (for product and sum)
  --users FILE        the users' embeddings, of the same dimensions; for sum, the context vectors
  --user-counts WHERE how often each user counts in the decay, for one that is scaled by counts
  --popularity WHERE  how popular each item is; its count, for a decay that is scaled by counts
  --labels WHERE      what the items are known to be
  --ids WHERE         what to call each item
  --queries FILE      vectors that items are looked up with
  --pairs FILE        which items are relevant to which queries: two ids and a weight, .csv or .tsv
  --fail-on LIST      levels and flags, separated by commas, that end in exit code 1
  --html FILE         write a report that needs no network
  --json FILE         write all numbers; - prints them instead of the summary
  --force             let --html and --json replace files that no audit wrote
  --vectors NAME      which array, tensor or column holds the vectors, where there are several
  --memory MB         the most memory that reading may take (1000)
  --neighbors N       how many nearest neighbors to compare (10)
  --sample N          among how many random items, at most, to look for them (5000)
  --seed TEXT         the same seed gives the same report (cosine-lab)
  --help              show this

WHERE is a column of FILE (of the users' file for --user-counts), or a file with a value for each
item or with ids and values.
${wrapped(`Levels: ${LEVELS.join(", ")}.`)}
${wrapped(`Flags: ${FLAGS.join(", ")}.`)}

Exit code: 0 when the audit was made, whatever it says; 1 when it says what --fail-on names; 2 when
the input cannot be used.`;

function wrapped(text: string): string {
  return text.replace(/(.{1,96})(?: |$)/g, "$1\n").trimEnd();
}
