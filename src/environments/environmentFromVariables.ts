import type { ClientCredentials } from '../api/client/clientCredentials';
import { cleanCredential, cleanValue } from '../api/cleanValue';
import { parseEnvironmentUrl } from '../api/client/environmentUrl';
import type { EnvironmentSource } from './environmentSource';
import { PROCESS_ID, type Environment } from '../core/environment';
import { looksLikeProduction } from './environmentMetadata';

/** The names of these variables in Scalekit's documentation and examples (docs/scalekit-api.md, 1.5). */
export interface ScalekitVariables {
  readonly SCALEKIT_ENVIRONMENT_URL?: string;
  readonly SCALEKIT_ENV_URL?: string;
  readonly SCALEKIT_URL?: string;
  readonly SCALEKIT_CLIENT_ID?: string;
  readonly SCALEKIT_CLIENT_SECRET?: string;
}

const URL_NAMES = ['SCALEKIT_ENVIRONMENT_URL', 'SCALEKIT_ENV_URL', 'SCALEKIT_URL'] as const;

/**
 * The environment from VS Code's own environment variables. It's read-only, and exists as long as the process has all
 * three variables.
 */
export class EnvironmentFromVariables implements EnvironmentSource {
  private readonly credentials: ClientCredentials | undefined;
  private readonly environment: Environment | undefined;
  private lastUsedAt = 0;

  constructor(
    variables: ScalekitVariables,
    name: string,
    private readonly now: () => number,
  ) {
    const named = URL_NAMES.find((each) => cleanValue(variables[each] ?? '') !== '');
    // Docker and service managers leave the quotes of their files in the value.
    const clientId = cleanCredential(variables.SCALEKIT_CLIENT_ID ?? '');
    const clientSecret = cleanCredential(variables.SCALEKIT_CLIENT_SECRET ?? '');
    if (named === undefined || clientId === '' || clientSecret === '') return;
    const url = variables[named] ?? '';
    const environmentUrl = tryParse(url);
    this.credentials = environmentUrl === undefined ? undefined : { environmentUrl, clientId, clientSecret };
    this.environment = {
      id: PROCESS_ID,
      kind: 'process',
      name,
      host: environmentUrl === undefined ? named : new URL(environmentUrl).host,
      production: looksLikeProduction(clientId),
      tokensOnly: false,
      sessionOnly: false,
      state: environmentUrl === undefined ? 'invalidUrl' : 'ready',
      lastUsedAt: 0,
      credentialsRevision: 'process',
    };
  }

  async load(): Promise<void> {
    // The constructor has read the variables, which don't change while the process lives.
  }

  list(): readonly Environment[] {
    return this.environment === undefined ? [] : [{ ...this.environment, lastUsedAt: this.lastUsedAt }];
  }

  async readCredentials(id: string): Promise<ClientCredentials | undefined> {
    return id === PROCESS_ID ? this.credentials : undefined;
  }

  async touch(): Promise<void> {
    this.lastUsedAt = this.now();
  }

  onDidChange(): void {
    // It never changes.
  }

  dispose(): void {
    // There's nothing to release.
  }
}

function tryParse(url: string): string | undefined {
  try {
    return parseEnvironmentUrl(url);
  } catch {
    return undefined;
  }
}
