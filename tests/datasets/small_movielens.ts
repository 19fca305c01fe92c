import { TextReader, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";

/** Files of a small MovieLens, by name. */
export type Files = Record<string, string | Uint8Array>;

/** In the format of ml-latest-small, ml-25m and ml-32m: ids have gaps, titles commas and quotes. */
export const csvFiles = {
  "movies.csv": `movieId,title,genres
1,Toy Story (1995),Adventure|Animation|Children
11,"American President, The (1995)",Comedy|Drama
7,"Shall ""We"", Dance? (1996)",(no genres listed)
292757,Amélie (2001),Comedy|Romance
`,
  "ratings.csv": `userId,movieId,rating,timestamp
1,1,4.0,964982703
1,11,4.5,964981247
3,7,0.5,964982224
3,1,5,964983815
3,292757,4.0,964982931
330975,11,3.5,964982400
330975,292757,4.0,964980868
`,
};

/** The same movies and ratings, but for halves of stars, in the format of ml-1m. */
export const datFiles = {
  "movies.dat": latin1(`1::Toy Story (1995)::Adventure|Animation|Children
11::American President, The (1995)::Comedy|Drama
7::Shall "We":: Dance? (1996)::
292757::Amélie (2001)::Comedy|Romance
`),
  "ratings.dat": `1::1::4::964982703
1::11::5::964981247
3::7::1::964982224
3::1::5::964983815
3::292757::4::964982931
330975::11::3::964982400
330975::292757::4::964980868
`,
};

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Writes files into a folder. */
export function writeFolder(folder: string, files: Files): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    Deno.writeFileSync(
      `${folder}/${name}`,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  }
}

/** Zips files, in one folder as GroupLens does. */
export async function zipped(files: Files, folder = "ml-test"): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter());
  await zip.add(`${folder}/`, undefined, { directory: true });
  for (const [name, content] of Object.entries(files)) {
    const reader = typeof content === "string"
      ? new TextReader(content)
      : new Uint8ArrayReader(new Uint8Array(content));
    await zip.add(`${folder}/${name}`, reader);
  }
  return await zip.close();
}
