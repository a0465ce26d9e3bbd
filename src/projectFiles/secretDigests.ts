import { createHmac, randomBytes } from 'node:crypto';

/**
 * Recognizes stored secrets without keeping them: it has only their HMACs, under a key that is made anew in each
 * session and never leaves the memory.
 */
export class SecretDigests {
  private readonly key = randomBytes(32);
  private readonly environments = new Map<string, string>();

  /** Adds a secret of an environment. */
  add(secret: string, environmentId: string): void {
    this.environments.set(this.digest(secret), environmentId);
  }

  get isEmpty(): boolean {
    return this.environments.size === 0;
  }

  /** The environment whose secret this is. */
  environmentOf(candidate: string): string | undefined {
    return this.environments.get(this.digest(candidate));
  }

  private digest(secret: string): string {
    return createHmac('sha256', this.key).update(secret).digest('base64');
  }
}
