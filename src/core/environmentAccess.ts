import type * as vscode from 'vscode';
import type { ScalekitClient } from '../api/scalekitClient';
import type { NamedEnvironment } from './environmentFailure';

/** As much of an environment as tokens, trees and documents need to know. */
export interface EnvironmentFacts extends NamedEnvironment {
  readonly host: string;
  readonly production: boolean;
}

/** What is known of an environment's client and its last token without asking anyone. Times are milliseconds since the epoch. */
export interface TokenStatus {
  readonly clientId: string;
  readonly fetchedAt?: number;
  readonly expiresAt?: number;
  /** Whether the token itself says when it ends; otherwise that is a guess. */
  readonly statesItsEnd?: boolean;
}

/** What has changed among the environments, for those who show what is in them. */
export interface ShownEnvironmentChange {
  readonly active: EnvironmentFacts | undefined;
  readonly activeChanged: boolean;
  /** Environments whose credentials are others now, or that are gone: what was read with the old ones is void. */
  readonly invalidated: readonly string[];
}

/** The environments as features see them: handed to their constructors by workbench.ts. */
export interface EnvironmentAccess {
  /** Resolves once the environments are known. */
  ready(): Promise<void>;
  active(): EnvironmentFacts | undefined;
  get(id: string): EnvironmentFacts | undefined;
  /** All of them, by name. */
  list(): readonly EnvironmentFacts[];
  /** @throws EnvironmentFailure when the environment has no usable credentials. */
  client(id: string): Promise<ScalekitClient>;
  readonly onDidChange: vscode.Event<ShownEnvironmentChange>;
  tokenStatus(id: string): TokenStatus | undefined;
  /** Fires with an environment's id when its `tokenFacts` have changed. */
  readonly onDidChangeTokenStatus: vscode.Event<string>;
}
