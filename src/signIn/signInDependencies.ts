import type { Memento } from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import type { Send } from '../api/client/http';
import type { EnvironmentAccess } from '../core/environmentAccess';
import type { Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import type { SecretClipboard } from '../ui/secretClipboard';
import type { VirtualDocuments } from '../ui/virtualDocuments';
import type { SignInAttemptList } from './signInAttemptList';
import type { CommentedClaims } from './signInDocument';
import type { KeySource } from './tokenVerifier';

/** What signing in from the editor needs. */
export interface SignInDependencies {
  readonly environments: EnvironmentAccess;
  /** @throws EnvironmentFailure */
  readonly readCredentials: (environmentId: string) => Promise<ClientCredentials>;
  readonly exchange: Send;
  readonly keys: KeySource;
  readonly commentedClaims: CommentedClaims;
  readonly prompts: Prompts;
  readonly documents: VirtualDocuments;
  readonly redactor: Redactor;
  /** For tokens and links. */
  readonly clipboard: SecretClipboard;
  /** Opens a link in the browser, byte for byte. Returns false if the user didn't let VS Code do it. */
  readonly openLink: (url: string) => Promise<boolean>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly workspaceState: Memento;
  readonly attempts: SignInAttemptList;
  /**
   * Whether VS Code runs in a browser. Then it would turn a link to `localhost` into one to its own server, and lose the
   * rest of it.
   */
  readonly isInBrowser: boolean;
}
