import { bytesOf } from "./bytes.ts";
import { goodRows } from "./good_rows.ts";
import type { HostileFile } from "./hostile_file.ts";
import { npyBytes } from "./npy_bytes.ts";

/** What has the name of a file and is none, is none that may be read, or has no usual name. */
export function specialFiles(seed: string): HostileFile[] {
  const good = npyBytes("'<f4'", "(64, 4)", bytesOf(Float32Array.from(goodRows(seed).flat())));
  const nothing = () => {};
  const link = (to: string) => (path: string) => Deno.symlinkSync(to, path);
  const pipe = (path: string) => {
    if (!new Deno.Command("mkfifo", { args: [path] }).outputSync().success) throw new Error(path);
  };
  const locked = (path: string) => {
    Deno.writeFileSync(path, good);
    Deno.chmodSync(path, 0);
  };
  const folder = (path: string) => Deno.mkdirSync(path);
  const cases: [string, HostileFile["content"], HostileFile["outcome"]][] = [
    ["folder.npy", folder, /is a folder without files/],
    ["folder.parquet", folder, /is a folder without files/],
    ["pipe.csv", pipe, /is not a file/],
    ["device.npy", link("/dev/zero"), /is not a file/],
    ["loop.npy", link("loop.npy"), /lead in a circle/],
    ["first of two.npy", link("second of two.npy"), /lead in a circle/],
    ["second of two.npy", link("first of two.npy"), /lead in a circle/],
    ["dangling.npy", link("nothing.npy"), /does not exist/],
    ["right.npy", good, "read"],
    ["link.npy", link("right.npy"), "read"],
    // A superuser may read it all the same.
    ["locked.npy", locked, "either"],
    ["right.npy/below.npy", nothing, /does not exist: a part of its path is a file/],
    ["right.npy/", nothing, /does not exist: a part of its path is a file/],
    ["missing/below.npy", nothing, /does not exist/],
    [`${"n".repeat(300)}.npy`, nothing, /has a name that is too long/],
    [`${"n/".repeat(3000)}.npy`, nothing, /has a name that is too long/],
    [`${"m".repeat(250)}.npy`, good, "read"],
    ["nul\0.npy", nothing, /nul\\u0000\.npy/],
    ["line\nend.npy", good, "read"],
    ["line\nend that is none.npy", nothing, /line\\nend that is none\.npy does not exist/],
    ["\u001b[31mred\u0007.npy", good, "read"],
    ["\u202egnp.exe.npy", good, "read"],
    ["'quotes\"; rm -rf $HOME `x`.npy", good, "read"],
    ["a*[b]?{c}.npy", good, "read"],
    ["emoji \u{1f600} \ud800.npy", nothing, /does not exist/],
    ["<img src=x onerror=alert(1)>.npy", good, "read"],
  ];
  return cases.map(([name, content, outcome]) => ({ name, content, outcome }));
}
