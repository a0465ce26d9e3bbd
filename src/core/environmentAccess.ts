import type * as vscode from 'vscode';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { isRecord } from '../api/json';
import type { Environment } from './environment';
import { EnvironmentFailure } from './environmentFailure';

/** The environments as features see them: handed to their constructors by workbench.ts. */
export interface EnvironmentAccess {
  /** Resolves once the environments are known. */
  ready(): Promise<void>;
  active(): Environment | undefined;
  get(id: string): Environment | undefined;
  /** All of them, by name. */
  list(): readonly Environment[];
  /** @throws EnvironmentFailure when the environment has no usable credentials. */
  client(id: string): Promise<ScalekitClient>;
  readonly onDidChange: vscode.Event<EnvironmentChange>;
  tokenStatus(id: string): TokenStatus | undefined;
  /** Fires with an environment's id when its `tokenStatus` has changed. */
  readonly onDidChangeTokenStatus: vscode.Event<string>;
}

/** What has changed among the environments, as everything else follows it. */
export interface EnvironmentChange {
  readonly added: readonly Environment[];
  /** Those of which something that is shown, or their credentials, are others now. */
  readonly changed: readonly Environment[];
  readonly removed: readonly Environment[];
  /** Ids of those whose credentials are others now, or that are gone: tokens and responses of the old ones are void. */
  readonly invalidated: readonly string[];
  /** The environment active from now on. */
  readonly active: Environment | undefined;
  /** Whether another one is active than before. */
  readonly activeChanged: boolean;
}

/** What is known of an environment's client and its last token without asking anyone. Times are milliseconds since the epoch. */
export interface TokenStatus {
  readonly clientId: string;
  readonly fetchedAt?: number;
  readonly expiresAt?: number;
  /** Whether the token itself says when it ends; otherwise that is a guess. */
  readonly statesItsEnd?: boolean;
}

/**
 * The environment that a menu or another caller names, by its id or by an object that carries it; undefined when they name none.
 *
 * @throws EnvironmentFailure when it is gone: none is ever taken in its place.
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
