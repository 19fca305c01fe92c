import { dropRare, selectItems } from "../interactions/select.ts";
import { topIndices } from "../linalg/top_indices.ts";
import { labelCodes } from "./label_codes.ts";
import type { LabeledInteractions } from "./labeled_items.ts";
import { readMovieLens } from "./read_movielens.ts";

/** How many movies are taken at most: similarities are p x p. */
const MOST_MOVIES = 2_000;

/** MovieLens as {@linkcode LabeledInteractions}. */
export async function labeledMovies(path: string): Promise<LabeledInteractions> {
  const { interactions: all, movies, genres } = await readMovieLens(path);
  const counts = new Float64Array(all.items);
  for (const i of all.columnIndices) counts[i]++;
  const popular = topIndices(counts, MOST_MOVIES);
  const frequency = new Map<string, number>();
  for (const i of popular) {
    for (const genre of genres[i]) frequency.set(genre, (frequency.get(genre) ?? 0) + 1);
  }
  const titles = movies.getColumn("title").toArray() as string[];
  const described = Array.from(popular, (i, rank) => {
    const rarest = genres[i].toSorted((a, b) => frequency.get(a)! - frequency.get(b)!)[0];
    return { i, rank, title: titles[i], group: rarest ?? "none", topic: genres[i].join("|") };
  });
  const key = ({ group, topic }: typeof described[number]) => `${group}: ${topic}`;
  described.sort((a, b) => key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.rank - b.rank);
  const groups = labelCodes(described.map(({ group }) => group));
  const topics = labelCodes(described.map(({ topic }) => topic));
  const place = described.map(({ rank }, i) => ({ rank, i })).sort((a, b) => a.rank - b.rank);
  return {
    name: "movies",
    interactions: dropRare(selectItems(all, described.map(({ i }) => i)), { item: 0 }),
    items: described.map(({ title }) => title),
    groups: groups.codes,
    groupNames: groups.names,
    topics: topics.codes,
    topicNames: topics.names,
    wellKnown: place.slice(0, 10).map(({ i }) => i),
  };
}
