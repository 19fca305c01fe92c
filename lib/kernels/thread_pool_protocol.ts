/** Index of the run's number: odd during a run, even between runs. */
export const EPOCH = 0;
/** The run's number once the pool is closed. */
export const CLOSED = -1;
/** Index of the number of workers that take part in the run. */
export const ACTIVE = 1;
/** Index of the next chunk to take. */
export const NEXT = 2;
/** Index of the number of chunks of the run. */
export const CHUNKS = 3;
/** Index of the position of the run's kernel among the exports of its module. */
export const KERNEL = 4;
/** Index of the number of chunks that failed. */
export const FAILED = 5;
/** Byte at which the kernel's arguments start: first their number, then each of them, all as f64. */
export const ARGUMENTS = 32;
/** Bytes of the shared array, room for 23 arguments. */
export const CONTROL_BYTES = ARGUMENTS + 24 * 8;
/** How many times to poll before going to sleep, about a tenth of a millisecond. */
export const PATIENCE = 5_000;
