import type * as vscode from 'vscode';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { isRecord } from '../api/json';
import type { Environment } from './environment';
import { EnvironmentFailure } from './environmentFailure';

/** The environments as features see them. workbench.ts passes them to their constructors. */
export interface EnvironmentAccess {
  /** Resolves once the environments are known. */
  ready(): Promise<void>;
  active(): Environment | undefined;
  get(id: string): Environment | undefined;
  /** All environments, sorted by name. */
  list(): readonly Environment[];
  /** @throws EnvironmentFailure if the environment has no usable credentials. */
  client(id: string): Promise<ScalekitClient>;
  readonly onDidChange: vscode.Event<EnvironmentChange>;
  tokenStatus(id: string): TokenStatus | undefined;
  /** Fires with an environment's ID after its `tokenStatus` has changed. */
  readonly onDidChangeTokenStatus: vscode.Event<string>;
}

/** How the environments have changed. */
export interface EnvironmentChange {
  readonly added: readonly Environment[];
  /** Those whose visible properties or credentials have changed. */
  readonly changed: readonly Environment[];
  readonly removed: readonly Environment[];
  /** IDs of those that were removed or have new credentials: their old tokens and responses are no longer valid. */
  readonly invalidated: readonly string[];
  /** The environment that is active now. */
  readonly active: Environment | undefined;
  /** Whether a different one was active before. */
  readonly activeChanged: boolean;
}

/**
 * What is known about an environment's client and its last token without a request. Times are milliseconds since the
 * epoch.
 */
export interface TokenStatus {
  readonly clientId: string;
  readonly fetchedAt?: number;
  readonly expiresAt?: number;
  /** Whether the token itself states when it expires. Otherwise the end is a guess. */
  readonly statesItsEnd?: boolean;
}

/**
 * The environment that a menu or another caller refers to, by its ID or by an object that has the ID. Undefined if
 * there is no reference.
 *
 * @throws EnvironmentFailure if it no longer exists: no other one takes its place.
 */
export function environmentArgument(
  argument: unknown,
  environments: Pick<EnvironmentAccess, 'get'>,
): Environment | undefined {
  const id = isRecord(argument) ? argument['id'] : argument;
  if (typeof id !== 'string') return undefined;
  const environment = environments.get(id);
  if (environment === undefined) throw new EnvironmentFailure({ id, name: id }, 'gone');
  return environment;
}
