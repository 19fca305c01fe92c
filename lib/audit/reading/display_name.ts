/**
 * A name as it is shown on one line: control characters, which a file's name may hold and a terminal
 * would obey, are escaped, and what is long is shortened in its middle.
 */
export function displayName(name: string): string {
  const plain = name.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return plain.length <= 300 ? plain : `${plain.slice(0, 140)}…${plain.slice(-140)}`;
}
