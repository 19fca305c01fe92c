/** The TypeScript files below a folder, in the order of their paths. */
export function sources(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? sources(`${folder}/${name}`) : name.endsWith(".ts") ? [`${folder}/${name}`] : []
  ).sort();
}
