const NAME = '(?:[a-z0-9-]{1,63}\\.)*localhost';
const ADDRESS = '127(?:\\.\\d{1,3}){3}|\\[::1\\]';
const LOOPBACK_HOST = new RegExp(`^(?:${NAME}|${ADDRESS})(?::\\d{1,5})?$`, 'i');

/**
 * The origin that a Host header names, for example `http://localhost:8787`, if that's this machine itself. `*.localhost`
 * can't lead anywhere else in a browser. Any other name can, so what it names isn't repeated to anybody.
 */
export function loopbackOrigin(host: string | undefined): string | undefined {
  if (host === undefined || !LOOPBACK_HOST.test(host)) return undefined;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).origin : undefined;
}
