import { STATUS_CODES } from 'node:http';

/** A status as people read it: `200 OK`. */
export function httpStatus(status: number): string {
  const words = STATUS_CODES[status];
  return words === undefined ? String(status) : `${status} ${words}`;
}
