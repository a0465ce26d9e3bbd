import assert from 'node:assert/strict';
import { request, type IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';

export interface ReceiverResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Opens an address of the sign-in's receiver as a browser does, whatever its name resolves to here. */
export function openAtReceiver(
  address: string,
  headers: Readonly<Record<string, string>> = {},
  host = '127.0.0.1',
): Promise<ReceiverResponse> {
  const { port, pathname, search, host: name } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = {
      host,
      port,
      path: pathname + search,
      headers: { host: name, 'sec-fetch-dest': 'document', ...headers },
    };
    request(sent, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

/** A port that no program listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : assert.fail('no port');
}
