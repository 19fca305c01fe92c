/** The environment variable that names the LAPACK to use: the path of a library, or "off". */
export const LAPACK_VARIABLE = "COSINE_LAB_LAPACK";

/** A LAPACK library that is open, and the BLAS that most of them have with it. */
export interface Lapack {
  /** Its name or path, as the system's loader took it. */
  library: string;
  /** Some eigenpairs of a symmetric matrix. */
  dsyevr: Routine;
  /** All eigenpairs of a symmetric matrix, by divide and conquer. */
  dsyevd: Routine;
  /** The product of a matrix with its own transpose; `null` where the library has no BLAS. */
  dsyrk: Routine | null;
  /** The product of two matrices; `null` where the library has no BLAS. */
  dgemm: Routine | null;
}

/** A routine by Fortran's conventions: every argument is an address. */
export type Routine = (...args: (Uint8Array<ArrayBuffer> | bigint)[]) => void;

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
const ENDINGS = ["_", "_64_", ""];

function search(setting: string): Lapack | null {
  if (setting === "off") return null;
  for (const library of setting === "" ? LIBRARIES[Deno.build.os] ?? [] : [setting]) {
    if (Deno.permissions.querySync({ name: "ffi", path: library }).state !== "granted") continue;
    for (const ending of ENDINGS) {
      try {
        return { library, ...open(library, ending) };
      } catch (error) {
        if (setting !== "" && ending === ENDINGS.at(-1)) {
          throw new RangeError(
            `Cannot open LAPACK: ${LAPACK_VARIABLE} must be "off" or the path of a library with ` +
              `dsyevr and dsyevd, current value is "${setting}"`,
            { cause: error },
          );
        }
      }
    }
  }
  return null;
}

function open(library: string, ending: string): Omit<Lapack, "library"> {
  const routine = <Optional extends boolean>(
    name: string,
    buffers: number,
    letters: number,
    optional: Optional,
  ) => ({
    name: name + ending,
    // Fortran passes the lengths of letters behind all other arguments.
    parameters: [
      ...Array<"buffer">(buffers).fill("buffer"),
      ...Array<"usize">(letters).fill("usize"),
    ],
    result: "void" as const,
    optional,
  });
  const { symbols } = Deno.dlopen(library, {
    dsyevr: routine("dsyevr", 21, 3, false as const),
    dsyevd: routine("dsyevd", 11, 2, false as const),
    dsyrk: routine("dsyrk", 10, 2, true as const),
    dgemm: routine("dgemm", 13, 2, true as const),
  });
  return symbols as unknown as Omit<Lapack, "library">;
}
