import { goodRows } from "./hostile_file.ts";
import { writeNpy } from "../../audit/write_npy.ts";

/** A command line, and what the line must say that refuses it. */
interface HostileCommand {
  args: string[];
  outcome: RegExp | "read";
}

/** Options that take a number, with the least that they take. */
const INTEGERS = { "--memory": 1, "--neighbors": 1, "--sample": 10 };

/**
 * Writes good files of every kind that a command line names, under usual names and as links.
 *
 * @returns The path of a name in the folder.
 */
export function writeGoodFiles(folder: string): (name: string) => string {
  const path = (name: string) => `${folder}/${name}`;
  const rows = goodRows("good");
  const pairs = rows.map((_, i) => `${i}\t${(i + 4) % rows.length}`);
  writeNpy(path("x.npy"), rows);
  writeNpy(path("users.npy"), goodRows("users"));
  writeNpy(path("narrow.npy"), rows.map((row) => row.slice(1)));
  writeNpy(path("zero.npy"), rows.map((row) => row.map(() => 0)));
  writeNpy(path("large.npy"), rows.map((row) => row.map((x) => x * 1e300)), { dtype: "f8" });
  writeNpy(path("small.npy"), rows.map((row) => row.map((x) => x * 1e-300)), { dtype: "f8" });
  writeNpy(path("one large.npy"), rows.with(3, rows[3].map((x) => x * 1e200)), { dtype: "f8" });
  writeNpy(
    path("wide.npy"),
    [0, 1, 2].map((i) => Array.from({ length: 12_000 }, (_, c) => i + c % 7)),
  );
  writeNpy(
    path("many.npy"),
    Array.from({ length: 900 }, (_, i) => Array.from({ length: 650 }, (_, c) => (i * c) % 7)),
  );
  Deno.writeTextFileSync(path("labels.txt"), rows.map((_, i) => i % 4).join("\n"));
  Deno.writeTextFileSync(path("counts.txt"), rows.map((_, i) => 1 + i).join("\n"));
  Deno.writeTextFileSync(path("pairs.tsv"), pairs.join("\n"));
  Deno.writeTextFileSync(path("mine.html"), "mine");
  Deno.writeTextFileSync(path("mine.npy"), "mine");
  Deno.writeTextFileSync(path("locked.html"), "mine");
  Deno.chmodSync(path("locked.html"), 0o444);
  Deno.writeTextFileSync(path("-dash.html"), "mine");
  Deno.mkdirSync(path("folder.html"));
  Deno.mkdirSync(path("folder.npy"));
  for (const name of ["x.npy", "labels.txt", "pairs.tsv", "counts.txt", "users.npy"]) {
    Deno.linkSync(path(name), path(`hard ${name}`));
    Deno.symlinkSync(name, path(`soft ${name}`));
  }
  Deno.symlinkSync("nothing", path("dangling.html"));
  Deno.symlinkSync("loop.html", path("loop.html"));
  return path;
}

/**
 * Command lines that are wrong in every way, each alone, over files that are good.
 *
 * @param path The path of a good file.
 * @param out A folder to write into.
 */
export function commandLines(path: (name: string) => string, out: string): HostileCommand[] {
  const x = path("x.npy"), users = path("users.npy"), labels = path("labels.txt");
  const fixed = ["--out", `${out}/fixed.npy`];
  const good = {
    audit: [x],
    compare: ["compare", x, users],
    fix: ["fix", x, "--correction", "center", ...fixed],
  };
  const everywhere = Object.values(good).flatMap((args): HostileCommand[] => [
    ...wrongNumbers(args),
    { args: [...args, "--colour"], outcome: /no option --colour/ },
    { args: [...args, "--seed"], outcome: /--seed needs a value: --seed TEXT/ },
    { args: [...args, "--force=yes"], outcome: /--force takes no value/ },
    { args: [...args, "-x"], outcome: /no option -x/ },
    { args: [...args, "--\u001b[31m\n"], outcome: /no option --/ },
    { args: [...args, "--__proto__", "x"], outcome: /no option --/ },
    { args: [...args, users], outcome: /one file|two files/ },
    { args: args.filter((arg) => arg !== x), outcome: /must be a file|one file|two files/ },
    { args: args.map((arg) => arg === x ? "" : arg), outcome: /does not exist/ },
    { args: args.map((arg) => arg === x ? path("none.npy") : arg), outcome: /none\.npy does not/ },
    { args: args.map((arg) => arg === x ? path("zero.npy") : arg), outcome: /not zero/ },
    { args: [...args, "--ids", "__proto__"], outcome: /is neither/ },
    { args: [...args, "--ids", "constructor"], outcome: /is neither/ },
    { args: [...args, "--ids", ""], outcome: /is neither/ },
    ...outputs(path, args, args[0] === "fix" ? "--json" : "--html"),
    ...outputs(path, args, "--json"),
  ]);
  const compare = good.compare, fix = good.fix, choose = ["fix", x, "--labels", labels, ...fixed];
  return [
    ...everywhere.filter(({ args }) => args[0] !== "fix" || !args.includes("--json")),
    { args: [], outcome: /must be a file to audit/ },
    { args: ["--", "--html"], outcome: /does not exist/ },
    { args: ["Compare", x, users], outcome: /one file to audit, there are 3/ },
    { args: [x, "--trained", "well"], outcome: /--trained must be product/ },
    { args: [x, "--trained", "constructor"], outcome: /--trained must be product/ },
    { args: [x, "--trained", ""], outcome: /--trained must be product/ },
    { args: [x, "--fail-on", ""], outcome: /--fail-on must be/ },
    { args: [x, "--fail-on", "hubs,"], outcome: /--fail-on must be/ },
    { args: [x, "--fail-on", "toString"], outcome: /--fail-on must be/ },
    { args: [x, "--html", "-"], outcome: /--html must be a file/ },
    { args: [x, "--pairs", path("pairs.tsv")], outcome: /--pairs must come with --queries/ },
    { args: [x, "--user-counts", labels], outcome: /--user-counts must come with --users/ },
    { args: [x, "--labels", "label"], outcome: /is neither/ },
    { args: [x, "--labels", x], outcome: /one dimension/ },
    { args: [x, "--popularity", path("pairs.tsv")], outcome: /holds pairs, not popularity/ },
    { args: [x, "--users", x], outcome: /users/ },
    { args: [x, "--users", path("narrow.npy")], outcome: /users must have as many columns/ },
    { args: [x, "--users", path("zero.npy")], outcome: /not zero/ },
    { args: [x, "--users", path("narrow.npy"), "--trained", "sum"], outcome: /context vectors/ },
    { args: [x, "--users", users, "--user-counts", "count"], outcome: /is neither/ },
    { args: [x, "--queries", path("narrow.npy")], outcome: /queries must have as many columns/ },
    ...["large.npy", "small.npy", "one large.npy"].flatMap((name): HostileCommand[] => [
      { args: [x, "--users", path(name), "--trained", "product"], outcome: /scale them/ },
      { args: [x, "--users", path(name), "--trained", "factors"], outcome: /scale them/ },
      { args: [x, "--users", path(name), "--trained", "sum"], outcome: /scale them/ },
      { args: [path(name), "--users", users, "--trained", "factors"], outcome: /scale them/ },
      { args: [x, "--queries", path(name)], outcome: "read" },
      {
        args: [path(name), "--queries", path(name), "--pairs", path("pairs.tsv")],
        outcome: "read",
      },
      {
        args: [...compare.with(2, path(name)), "--popularity", path("counts.txt")],
        outcome: "read",
      },
      { args: ["fix", path(name), "--correction", "whitening", ...fixed], outcome: /scale them/ },
      {
        args: ["fix", x, "--users", path(name), "--correction", "canonical-1", ...fixed],
        outcome: /scale them/,
      },
    ]),
    { args: [...compare, "--min-overlap", "2"], outcome: /--min-overlap must be/ },
    { args: [...compare, "--min-overlap", "NaN"], outcome: /--min-overlap must be/ },
    { args: [...compare, "--min-overlap", ""], outcome: /--min-overlap must be/ },
    { args: [...compare, "--neighbors", "63"], outcome: /at least 65 items/ },
    { args: [...compare, "--html", "-"], outcome: /--html must be a file/ },
    { args: ["compare", x], outcome: /two files to compare/ },
    { args: [...compare, "--ids-b", labels], outcome: /--ids-b needs ids of A too/ },
    {
      args: ["compare", path("many.npy"), path("many.npy"), "--memory", "100"],
      outcome: /comparing vectors of 650 dimensions takes 137 MB/,
    },
    { args: ["fix", x], outcome: /nothing says which correction is better/ },
    { args: ["fix", x, "--correction", "better"], outcome: /none called "better"/ },
    { args: ["fix", x, "--correction", "remove-top-99", ...fixed], outcome: /at most 3/ },
    { args: ["fix", x, "--correction", "remove-top-0", ...fixed], outcome: /remove-top/ },
    { args: ["fix", x, "--correction", "remove-top-1e9", ...fixed], outcome: /remove-top/ },
    { args: ["fix", x, "--correction", "canonical-NaN", ...fixed], outcome: /canonical/ },
    { args: ["fix", x, "--correction", "canonical-1", ...fixed], outcome: /takes users/ },
    {
      args: ["fix", path("wide.npy"), "--correction", "center", ...fixed],
      outcome: /12000 dimensions takes/,
    },
    { args: [...choose, "--pairs", path("pairs.tsv")], outcome: /cannot both be given/ },
    { args: [...fix, "--labels", labels], outcome: /cannot both be given/ },
    { args: [...fix, "--apply", labels], outcome: /cannot both be given/ },
    {
      args: [...choose, "--users", users, "--interactions", path("pairs.tsv")],
      outcome: /cannot both/,
    },
    {
      args: ["fix", x, "--apply", labels, "--json", `${out}/a.json`, ...fixed],
      outcome: /--apply and --json cannot both be given/,
    },
    ...outputs(path, ["fix", x, "--correction", "center"], "--out", "npy"),
    {
      args: ["fix", x, "--correction", "center", "--out", `${out}/x.txt`],
      outcome: /must be the name of a \.npy file/,
    },
    { args: [...fix, "--transform", `${out}/fixed.npy`], outcome: /already/ },
    { args: [...fix, "--transform", path("none/t.json")], outcome: /no folder/ },
    { args: [...choose, "--json", `${out}/fixed.npy`], outcome: /already/ },
    { args: [...choose, "--transform", labels, "--force"], outcome: /already/ },
    {
      args: [
        "fix",
        x,
        "--pairs",
        path("pairs.tsv"),
        "--json",
        path("hard pairs.tsv"),
        "--force",
        ...fixed,
      ],
      outcome: /already/,
    },
    { args: [x, "--html", `${out}/a`, "--json", `${out}/a`], outcome: /written already/ },
    {
      args: [x, "--html", `${out}/a`, "--json", `${out}/../out/a`],
      outcome: /written already/,
    },
    { args: [...compare, "--html", `${out}/a`, "--json", `${out}/./a`], outcome: /already/ },
    ...[["labels", "labels.txt"], ["popularity", "counts.txt"], ["users", "users.npy"]].flatMap((
      [option, name],
    ) =>
      [name, `hard ${name}`].flatMap((output) =>
        ["--html", "--json"].map((as) => ({
          args: [x, `--${option}`, path(name), as, path(output), "--force"],
          outcome: /it is read, or written, already/,
        }))
      )
    ),
  ];
}

function wrongNumbers(args: string[]): HostileCommand[] {
  return Object.entries(INTEGERS).flatMap(([option, least]) =>
    ["", " ", "many", "NaN", "Infinity", "-1", `${least - 1}`, "10.5", "1e999", "1,000", "0x10"]
      .map((
        value,
      ) => ({
        args: [...args, `${option}=${value}`],
        outcome: new RegExp(`${option} must be`),
      }))
  );
}

/** Places where nothing may be written, in the way of `option`. */
function outputs(
  path: (name: string) => string,
  args: string[],
  option: string,
  extension = "html",
): HostileCommand[] {
  const to = (place: string, ...more: string[]) => [...args, option, place, ...more];
  const places: [string[], RegExp][] = [
    [to(path(`none/a.${extension}`)), /no folder/],
    [to(path(`x.npy/a.${extension}`)), /no folder|not a folder/],
    [to(path(`${"n".repeat(300)}.${extension}`)), /too long/],
    [to(path(`nul\0.${extension}`)), /nul\\u0000/],
    [to(path(`folder.${extension}`), "--force"), /it is a folder/],
    [to(path(`mine.${extension}`)), /not replaced without --force/],
    [to(path("hard x.npy"), "--force"), /it is read, or written, already/],
    [to(path("soft x.npy"), "--force"), /it is read, or written, already/],
    [to(path("./x.npy"), "--force"), /it is read, or written, already/],
    [to(path("folder.html/../x.npy"), "--force"), /it is read, or written, already/],
  ];
  const pages: [string[], RegExp][] = extension !== "html" ? [] : [
    [to("", "--force"), /its name is empty/],
    [to(path("locked.html"), "--force"), /it is read-only/],
    [to(path("soft labels.txt"), "--force"), /symbolic link/],
    [to(path("dangling.html"), "--force"), /symbolic link/],
    [to(path("loop.html"), "--force"), /symbolic link|circle/],
    [to("/dev/full", "--force"), /no space left/],
  ];
  return [...places, ...pages].map(([args, outcome]) => ({ args, outcome }));
}
