import type { Fault } from '../package/api';

type Kind = 'string' | 'number' | 'boolean' | 'text or number' | 'object';

const FIELDS: Readonly<Record<keyof Fault, Kind>> = {
  path: 'string',
  method: 'string',
  after: 'number',
  times: 'number',
  delayMs: 'number',
  status: 'number',
  errorCode: 'string',
  message: 'string',
  retryAfter: 'text or number',
  drop: 'boolean',
  halfBody: 'boolean',
  html: 'boolean',
  wrongJson: 'boolean',
  respond: 'object',
};

/** Reads a fault from JSON. @throws Error with a sentence that says what is wrong */
export function parseFault(json: unknown): Fault {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('A fault is a JSON object.');
  for (const [name, value] of Object.entries(json)) {
    const kind = (FIELDS as Readonly<Record<string, Kind | undefined>>)[name];
    if (kind === undefined)
      throw new Error(`${name} isn't a field of a fault. The fields are: ${Object.keys(FIELDS).join(', ')}.`);
    const fits =
      kind === 'text or number'
        ? typeof value === 'string' || typeof value === 'number'
        : typeof value === kind && value !== null;
    if (!fits) throw new Error(`${name} must be a ${kind}.`);
    if (typeof value === 'number' && (value < 0 || !Number.isFinite(value)))
      throw new Error(`${name} must not be negative.`);
  }
  const fault = json as Fault;
  checkStatus('status', fault.status);
  if (fault.respond !== undefined) {
    checkStatus('respond.status', fault.respond.status);
    for (const [name, value] of Object.entries(fault.respond.headers ?? {})) {
      if (
        !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) ||
        typeof value !== 'string' ||
        /[^\t\x20-\x7e\x80-\xff]/.test(value)
      ) {
        throw new Error('respond.headers must be HTTP headers with text values.');
      }
    }
  }
  return fault;
}

function checkStatus(name: string, status: unknown): void {
  if (status !== undefined && !(Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599)) {
    throw new Error(`${name} must be an HTTP status from 200 to 599.`);
  }
}
