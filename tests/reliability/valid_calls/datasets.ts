import { downloads, movies } from "./files.ts";
import { call, type ValidCall, withOptions } from "./valid_call.ts";

/** A call of everything that `cosine-lab/datasets` exports. */
export const datasets: Record<string, ValidCall> = {
  debianPackages: call(),
  downloadMovieLens: withOptions({
    folder: downloads,
    source: "file:///nowhere/",
    showLicence: () => {},
    retries: 0,
    wait: 1,
    timeout: 100,
    onProgress: () => {},
  }, "ml-1m"),
  labeledInteractions: call(movies),
  libraryEmbeddings: call("simulation", Array.from({ length: 1000 }, (_, i) => i)),
  readMovieLens: withOptions({
    threshold: 4,
    minimumCount: { user: 1, item: 1 },
    onProgress: () => {},
  }, movies),
};
