import { STATUS_CODES } from 'node:http';

export function httpStatus(status: number): string {
  const words = STATUS_CODES[status];
  return words === undefined ? String(status) : `${status} ${words}`;
}
