/** The environment variable that names the LAPACK to use: the path of a library, or "off". */
export const LAPACK_VARIABLE = "COSINE_LAB_LAPACK";

/** A LAPACK library that is open. */
export interface Lapack {
  /** Its name or path, as the system's loader took it. */
  library: string;
  /** The address of its `dsyevr`. */
  dsyevr: Dsyevr;
}

type Dsyevr = (
  ...args: [...Uint8Array<ArrayBuffer>[], stringLength: bigint, bigint, bigint]
) => void;

/**
 * Finds LAPACK: the library that the environment variable `COSINE_LAB_LAPACK` names, otherwise
 * the system's OpenBLAS, MKL or reference LAPACK, or Accelerate on macOS.
 *
 * Never asks for a permission: without `--allow-ffi` there is none, and without `--allow-env` the
 * variable counts as not set.
 *
 * @returns The library, or `null` where there is none or the variable is "off".
 * @throws {RangeError} If the variable names a file that is no LAPACK library.
 */
export function findLapack(): Lapack | null {
  const readable =
    Deno.permissions.querySync({ name: "env", variable: LAPACK_VARIABLE }).state === "granted";
  const setting = readable ? Deno.env.get(LAPACK_VARIABLE) ?? "" : "";
  let lapack = found.get(setting);
  if (lapack === undefined) {
    lapack = search(setting);
    found.set(setting, lapack);
  }
  return lapack;
}

/** What was found for a value of the variable: opening a library takes a while. */
const found = new Map<string, Lapack | null>();

const LIBRARIES: Partial<Record<typeof Deno.build.os, string[]>> = {
  darwin: ["/System/Library/Frameworks/Accelerate.framework/Accelerate"],
  linux: ["libopenblas.so.0", "libopenblas.so", "libmkl_rt.so.2", "liblapack.so.3"],
  windows: ["libopenblas.dll", "mkl_rt.2.dll"],
};

/** Fortran compilers append an underscore; builds with 64-bit integers often `64_` to that. */
const SYMBOLS = ["dsyevr_", "dsyevr_64_", "dsyevr"];

function search(setting: string): Lapack | null {
  if (setting === "off") return null;
  for (const library of setting === "" ? LIBRARIES[Deno.build.os] ?? [] : [setting]) {
    if (Deno.permissions.querySync({ name: "ffi", path: library }).state !== "granted") continue;
    for (const symbol of SYMBOLS) {
      try {
        return { library, dsyevr: open(library, symbol) };
      } catch (error) {
        if (setting !== "" && symbol === SYMBOLS.at(-1)) {
          throw new RangeError(
            `Cannot open LAPACK: ${LAPACK_VARIABLE} must be "off" or the path of a library with ` +
              `dsyevr, current value is "${setting}"`,
            { cause: error },
          );
        }
      }
    }
  }
  return null;
}

function open(library: string, symbol: string): Dsyevr {
  const { symbols } = Deno.dlopen(library, {
    dsyevr: {
      name: symbol,
      parameters: [...Array<"buffer">(21).fill("buffer"), "usize", "usize", "usize"],
      result: "void",
    },
  });
  return symbols.dsyevr as unknown as Dsyevr;
}
