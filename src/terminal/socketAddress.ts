import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SocketAddress {
  /** Path of the socket, or name of the pipe on Windows. */
  readonly address: string;
  /** Removes what was created for it. */
  remove(): void;
}

/** In bytes. macOS allows 104 with the final zero, Linux 108. */
const LONGEST_PATH = 103;

/**
 * A new address for a local socket, in its own folder that only this user may enter. On Windows it's a named pipe
 * without a folder, so only the nonce protects it.
 *
 * @throws Error if no folder works
 */
export async function makeSocketAddress(folders: readonly string[] = defaultFolders()): Promise<SocketAddress> {
  if (process.platform === 'win32') {
    return { address: `\\\\.\\pipe\\scalekit-workbench-${randomBytes(16).toString('hex')}`, remove: () => undefined };
  }
  const problems: string[] = [];
  for (const parent of folders) {
    // mkdtemp and the socket's name add a slash, `scalekit-XXXXXX` and `/s`.
    if (Buffer.byteLength(parent) + 18 > LONGEST_PATH) {
      problems.push('path too long');
      continue;
    }
    await removeAbandoned(parent);
    try {
      const folder = await mkdtemp(join(parent, 'scalekit-'));
      await chmod(folder, 0o700);
      const { mode, uid } = await stat(folder);
      if ((mode & 0o777) !== 0o700 || uid !== process.getuid?.()) throw new Error('folder is open to others');
      return { address: join(folder, 's'), remove: () => rmSync(folder, { recursive: true, force: true }) };
    } catch (error) {
      problems.push((error as NodeJS.ErrnoException).code ?? 'folder is open to others');
    }
  }
  throw new Error(`No folder for a socket: ${problems.join(', ')}`);
}

/** Makes the socket accessible only to this user. While it was being created, its folder protected it. */
export async function protectSocket({ address }: SocketAddress): Promise<void> {
  if (process.platform !== 'win32') await chmod(address, 0o600);
}

/** Younger folders may still be in use by a window that's starting, in milliseconds. */
const ABANDONED_AFTER_MS = 60_000;

/** Removes what killed windows left behind: this user's folders with a socket that nobody listens on. */
async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  await Promise.all(
    names
      .filter((name) => /^scalekit-[A-Za-z0-9]{6}$/.test(name))
      .map(async (name) => {
        const folder = join(parent, name);
        const stats = await stat(folder).catch(() => undefined);
        if (stats?.uid !== process.getuid?.() || Date.now() - (stats?.mtimeMs ?? Infinity) < ABANDONED_AFTER_MS) return;
        if (await isAbandoned(join(folder, 's')))
          await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      }),
  );
}

function isAbandoned(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

function defaultFolders(): string[] {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return [...(runtime ? [runtime] : []), tmpdir(), '/tmp'];
}
