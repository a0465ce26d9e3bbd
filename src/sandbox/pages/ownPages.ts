/**
 * Whether a request is for one of the sandbox's own pages, which Scalekit doesn't have. Those aren't among the received
 * requests, and no fault happens to them, so that a page can still remove it.
 */
export function isOwnPage(method: string, path: string): boolean {
  return (method === 'GET' && (path === '/' || path === '/favicon.ico')) || /^\/sandbox(?:\/|$)/.test(path);
}
