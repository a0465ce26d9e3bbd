import { get, type IncomingMessage } from 'node:http';
import { ABOUT_PATH, SANDBOX_MARK, type About } from './control/about';

const DEADLINE_MS = 1_000;
const MOST_CHARACTERS = 4_096;
const LONGEST_TEXT = 100;

/** A port that can't be had: another program listens on it, or the system keeps it for itself. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(
    message: string,
    /** Set if it's another sandbox that listens there. */
    readonly other: About | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Asks whoever listens at an address whether it's a sandbox. Any program may answer anything, so little is read and nothing believed. */
export async function otherSandboxAt(address: string, port: number): Promise<About | undefined> {
  try {
    return readAbout(JSON.parse(await read(`http://${address}:${port}${ABOUT_PATH}`)));
  } catch {
    return undefined;
  }
}

async function read(url: string): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { signal: AbortSignal.timeout(DEADLINE_MS) }, resolve).on('error', reject);
  });
  let text = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > MOST_CHARACTERS) throw new Error('too long');
  }
  return text;
}

function readAbout(about: unknown): About | undefined {
  if (typeof about !== 'object' || about === null) return undefined;
  const fields = about as Readonly<Record<string, unknown>>;
  const { sandbox, client_id: clientId, started_by: startedBy, started_at: startedAt } = fields;
  if (sandbox !== SANDBOX_MARK || typeof clientId !== 'string' || typeof startedAt !== 'number') return undefined;
  return {
    clientId: clientId.slice(0, LONGEST_TEXT),
    ...(typeof startedBy === 'string' && startedBy !== '' ? { startedBy: startedBy.slice(0, LONGEST_TEXT) } : {}),
    startedAt,
  };
}
