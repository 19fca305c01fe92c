/** Index of the number of the run: odd while one is on, even between two. */
export const EPOCH = 0;
/** The number of the run when there will be no other. */
export const CLOSED = -1;
/** Index of the number of workers that are in a run. */
export const ACTIVE = 1;
/** Index of the next chunk that is to be taken. */
export const NEXT = 2;
/** Index of the number of chunks of the run. */
export const CHUNKS = 3;
/** Index of the position of the run's kernel among the exports of its module. */
export const KERNEL = 4;
/** Index of the number of chunks that failed. */
export const FAILED = 5;
/** Byte at which the arguments of the kernel start: their number, and then they, as f64. */
export const ARGUMENTS = 32;
/** Bytes of the shared array, room for 23 arguments. */
export const CONTROL_BYTES = ARGUMENTS + 24 * 8;
/** How often to look for the others before going to sleep; about a tenth of a millisecond. */
export const PATIENCE = 5_000;
