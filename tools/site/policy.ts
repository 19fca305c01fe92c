/**
 * The policy of a page that computes: scripts and styles come with the site, workers are made of
 * scripts that the page holds, so that the policy is theirs as well, and nothing goes anywhere else.
 *
 * @param connect Where the page may read from: nowhere, or the site itself.
 * @returns The element for the head of the page.
 */
export function contentPolicy(connect: "'none'" | "'self'"): string {
  const policy = [
    "default-src 'none'",
    `connect-src ${connect}`,
    "script-src 'self' 'wasm-unsafe-eval' blob:",
    "worker-src blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "frame-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  return `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`;
}
