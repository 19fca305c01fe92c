import assert from "node:assert/strict";
import { type Command, namedFiles, OPTIONS, parseCommand, usage } from "../../lib/audit/cli.ts";

const FILES: Record<Command, string[]> = {
  audit: ["a.npy"],
  compare: ["a.npy", "b.npy"],
  fix: ["a.npy"],
};
const COMMANDS = ["audit", "compare", "fix"] as const;

Deno.test("the table of options: every option is parsed, in the usage, and of its commands alone", () => {
  for (const [name, option] of Object.entries(OPTIONS)) {
    const value = !("value" in option || "reads" in option || "writes" in option)
      ? undefined
      : "choices" in option
      ? option.choices[0]
      : "is" in option
      ? {
        integer: "12",
        share: "0.5",
        "yes or no": "yes",
        "name of a .npy file": "x.npy",
      }[option.is]
      : "text";
    const args = value === undefined ? [`--${name}`] : [`--${name}`, value];
    const camel = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
    for (const command of COMMANDS) {
      const taken = option.in.some((one) => one === command);
      assert.equal(new RegExp(`^ {2}--${name}\\b(?!-)`, "m").test(usage(command)), taken, name);
      const needed = "needs" in option && option.needs.in.some((one) => one === command)
        ? [`--${option.needs.option}`, "x.npy"]
        : [];
      const run = () => parseCommand(command, [...FILES[command], ...args, ...needed]);
      if (taken) assert(camel in run(), name);
      else assert.throws(run, new RegExp(`has no option --${name}, it is one of audit`));
      if (needed.length === 0) continue;
      assert.throws(
        () => parseCommand(command, [...FILES[command], ...args]),
        new RegExp(`--${name} must come with --`),
      );
    }
  }
});

Deno.test("a command line is read into values of their kinds", () => {
  const { files, failOn, header, neighbors, trained, strict } = parseCommand("audit", [
    ...["--fail-on", "noise, hubs", "x.csv", "--header", "no", "--neighbors", "3"],
    ...["--trained=sum", "--strict"],
  ]);
  assert.deepEqual(
    { files, failOn, header, neighbors, trained, strict },
    {
      files: ["x.csv"],
      failOn: ["noise", "hubs"],
      header: false,
      neighbors: 3,
      trained: "sum",
      strict: true,
    },
  );
  const lists = ["--fail-on", "noise,hubs", "--fail-on", "noise , hubs", "--fail-on", "islands"];
  assert.deepEqual(
    parseCommand("audit", ["a.npy", ...lists, "--seed", "x", "--seed", "x"]).failOn,
    ["noise", "hubs", "noise", "hubs", "islands"],
  );
  assert.equal(parseCommand("audit", ["a.npy", "--json", "-"]).json, "-");
  assert.deepEqual(parseCommand("audit", ["--", "--odd.npy"]).files, ["--odd.npy"]);
  assert(parseCommand("fix", ["-h"]).help && parseCommand("fix", ["--help", "--none"]).help);
});

Deno.test("a wrong command line is refused in one sentence that says what to type", () => {
  const cases: [Command, string[], RegExp][] = [
    [
      "audit",
      ["a.npy", "--label", "kind"],
      /^there is no option --label; did you mean --labels\?$/,
    ],
    ["audit", ["a.npy", "--neigbors", "3"], /did you mean --neighbors\?/],
    ["audit", ["a.npy", "--frobnicate"], /--help shows those there are/],
    [
      "audit",
      ["a.npy", "--min-overlap", "1"],
      /no option --min-overlap, it is one of audit compare/,
    ],
    ["compare", ["a", "b", "--fail-on", "hubs"], /it is one of audit FILE/],
    ["audit", ["a.npy", "--ids"], /--ids needs a value: --ids WHERE/],
    ["audit", ["a.npy", "--ids", "--strict"], /--ids needs a value/],
    [
      "audit",
      ["a.npy", "--header", "maybe"],
      /--header must be yes or no, current value is "maybe"/,
    ],
    ["audit", ["a.npy", "--fail-on", "hub"], /; did you mean hubs\?/],
    ["audit", ["a.npy", "--trained", "constructor"], /--trained must be product/],
    ["audit", ["comapre", "a.npy", "b.npy"], /did you mean audit compare\?/],
    ["audit", [], /there must be a file to audit \(--help shows how\)/],
    ["compare", ["a.npy"], /there must be two files to compare, there are 1: a\.npy/],
    [
      "compare",
      ["a", "b", "--min-coverage", "half"],
      /--min-coverage must be a number between 0 and 1/,
    ],
    ["compare", ["a", "b", "--min-overlap", "-0.1"], /between 0 and 1, current value is "-0.1"$/],
    [
      "compare",
      ["a", "b", "--min-overlap", "0.8", "--min-overlap", "0.9"],
      /^--min-overlap is given twice: "0.8" and "0.9"$/,
    ],
    ["audit", ["a.npy", "--fail-on", ","], /--fail-on must be data-fault, .*, current value is ""/],
    [
      "audit",
      ["a.npy", "--fail-on", "noise,Hubs"],
      /^--fail-on knows no "Hubs"; did you mean hubs\?$/,
    ],
    [
      "audit",
      ["s3://bucket/a.npy"],
      /^s3:.* is an address, and nothing is downloaded: name a file$/,
    ],
    ["compare", ["a", "-"], /^standard input is not read: name a file in place of -$/],
    [
      "audit",
      ["a", "b"],
      /there must be one file to audit, there are 2: a, b; audit compare A B compares two$/,
    ],
    ["fix", ["a", "--labels", "x", "--pairs", "y"], /^--labels and --pairs cannot both be given$/],
    ["fix", ["a", "--apply", "t", "--json", "-"], /^--apply and --json cannot both be given$/],
    ["fix", ["a", "--users", "u", "--interactions", "i"], /--interactions and --users cannot both/],
    [
      "fix",
      ["a", "--out", "a.vec"],
      /--out must be the name of a \.npy file, current value is "a\.vec"/,
    ],
  ];
  for (const [command, args, message] of cases) {
    assert.throws(() => parseCommand(command, args), { name: "InputError", message });
  }
});

Deno.test("the files that a command line names: those that are read, and those that are written", () => {
  const line = parseCommand("compare", [
    ...["a.npy", "b.npy", "--ids", "ids.txt", "--popularity", "count", "--map", "m.json"],
    ...["--json", "-", "--html", "c.html", "--vectors", "x"],
  ]);
  assert.deepEqual(namedFiles(line), {
    read: ["a.npy", "b.npy", "count", "ids.txt"],
    written: ["m.json", "c.html"],
  });
});
