import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Memento, SecretStorage } from 'vscode';
import { isRecord, readCount, readText } from '../api/json';
import type { Log } from '../ui/log';

const ADDRESS_KEY = 'scalekit.sandboxAddress';

/** Ports that no system hands out by itself (Linux begins at 32768, others at 49152), and no browser refuses. */
const FIRST_PORT = 20_000;
const LAST_PORT = 26_999;

/** What stays the same each time the sandbox of a workspace starts, so that the `.env` of an app stays good. */
export interface SandboxAddress {
  readonly port: number;
  readonly clientId: string;
  /** Makes its sample data the same each time. */
  readonly seed: number;
  /** When it started for the first time, in milliseconds since the epoch: its sample sign-in log ends there. */
  readonly firstStartedAt: number;
  /** Names its client secret in SecretStorage, which all workspaces share. */
  readonly secretId: string;
}

/** An address with its client secret. */
export interface SandboxCredentials {
  readonly address: SandboxAddress;
  readonly clientSecret: string;
  /** Whether the sandbox of this workspace has started there before. */
  readonly isKept: boolean;
  /** `unreadable`: SecretStorage may have another one, which can't be read now and must not be overwritten. */
  readonly secretState: 'kept' | 'new' | 'unreadable';
}

/** The address of a workspace's sandbox: in the workspace's state, and its client secret in SecretStorage. */
export class SandboxAddresses {
  constructor(
    private readonly workspaceState: Memento,
    private readonly secrets: SecretStorage,
    private readonly now: () => number,
    private readonly log: Log,
  ) {}

  /** What is kept, or something new. Keeps nothing. */
  async read(): Promise<SandboxCredentials> {
    const kept = readAddress(this.workspaceState.get(ADDRESS_KEY));
    const address: SandboxAddress = kept ?? {
      port: randomPort(),
      clientId: `skc_${randomInt(1, 10)}${digits(17)}`,
      seed: randomInt(2 ** 31),
      firstStartedAt: this.now(),
      secretId: randomUUID(),
    };
    const isKept = kept !== undefined;
    try {
      const secret = isKept ? readText(await this.secrets.get(secretKey(kept))) : undefined;
      if (secret !== undefined) return { address, clientSecret: secret, isKept, secretState: 'kept' };
      return { address, clientSecret: newSecret(), isKept, secretState: 'new' };
    } catch (error) {
      this.warn('read', error);
      return { address, clientSecret: newSecret(), isKept, secretState: 'unreadable' };
    }
  }

  /** Keeps an address for the next start. False if its secret can't be kept, so that the next start has another one. */
  async keep({ address, clientSecret, secretState }: SandboxCredentials): Promise<boolean> {
    try {
      const isSecretKept =
        secretState === 'kept' || (secretState === 'new' && (await this.keepSecret(secretKey(address), clientSecret)));
      await this.workspaceState.update(ADDRESS_KEY, address);
      return isSecretKept;
    } catch (error) {
      this.warn('kept', error);
      return false;
    }
  }

  /** Forgets the address and its secret. */
  async forget(): Promise<void> {
    const kept = readAddress(this.workspaceState.get(ADDRESS_KEY));
    if (kept === undefined) return;
    try {
      await this.secrets.delete(secretKey(kept));
      await this.workspaceState.update(ADDRESS_KEY, undefined);
    } catch (error) {
      this.warn('deleted', error);
    }
  }

  private async keepSecret(key: string, secret: string): Promise<boolean> {
    await this.secrets.store(key, secret);
    // Some keyrings take a secret and keep nothing.
    return (await this.secrets.get(key)) === secret;
  }

  /** A keyring's own words may repeat what it was given. */
  private warn(what: 'read' | 'kept' | 'deleted', error: unknown): void {
    this.log.warn(
      `The sandbox’s address could not be ${what}: ${error instanceof Error ? error.name : 'unknown error'}`,
    );
  }
}

/** The same address at another port. */
export function atAnotherPort(credentials: SandboxCredentials): SandboxCredentials {
  let port = randomPort();
  while (port === credentials.address.port) port = randomPort();
  return { ...credentials, address: { ...credentials.address, port } };
}

function randomPort(): number {
  return randomInt(FIRST_PORT, LAST_PORT + 1);
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

function newSecret(): string {
  return `test_${randomBytes(36).toString('base64url')}`;
}

function secretKey({ secretId }: SandboxAddress): string {
  return `scalekit.sandbox.${secretId}`;
}

function readAddress(value: unknown): SandboxAddress | undefined {
  if (!isRecord(value)) return undefined;
  const port = readCount(value['port']);
  const clientId = readText(value['clientId']);
  const seed = readCount(value['seed']);
  const firstStartedAt = readCount(value['firstStartedAt']);
  const secretId = readText(value['secretId']);
  if (port === undefined || port < 1 || port > 65_535 || seed === undefined || firstStartedAt === undefined)
    return undefined;
  return clientId === undefined || secretId === undefined
    ? undefined
    : { port, clientId, seed, firstStartedAt, secretId };
}
