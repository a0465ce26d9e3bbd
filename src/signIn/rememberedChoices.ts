import type * as vscode from 'vscode';
import { isRecord } from '../api/json';
import { readSignInChoices, type SignInChoices } from './signInChoices';

const KEY = 'scalekit.signIn.choices';

/** The last sign-in choices of each environment, for this workspace. */
export class RememberedChoices {
  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {}

  /** The last choices of an environment, or the default ones. */
  get(environmentId: string): SignInChoices {
    return readSignInChoices(this.all()[environmentId]);
  }

  /** Whether the user has signed in to an environment here before. */
  has(environmentId: string): boolean {
    return environmentId in this.all();
  }

  async set(environmentId: string, choices: SignInChoices): Promise<void> {
    await this.memento.update(KEY, { ...this.all(), [environmentId]: choices });
  }

  private all(): Readonly<Record<string, unknown>> {
    const all = this.memento.get<unknown>(KEY);
    return isRecord(all) ? all : {};
  }
}
