import type { IncomingMessage } from 'node:http';

/** The headers of a message in their order, with their names as they came. */
export function headerPairs({ rawHeaders }: IncomingMessage): (readonly [name: string, value: string])[] {
  const headers: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  return headers;
}
