import * as vscode from 'vscode';
import { environmentArgument } from '../core/environmentAccess';
import type { Choice, Prompts } from '../ui/prompts';
import type { Environment } from '../core/environment';
import { environmentDescription, environmentIcon } from './environmentLabel';
import type { EnvironmentStore } from './environmentStore';

/** Finds the environment that a command is about: the one that it was called on, or the one that the user picks. */
export class EnvironmentChooser {
  constructor(
    private readonly store: EnvironmentStore,
    private readonly prompts: Prompts,
  ) {}

  /**
   * The environment that a menu or another caller names, by its id or by an object that has it.
   *
   * @throws EnvironmentFailure if it's gone. No other one replaces it.
   */
  async named(argument: unknown): Promise<Environment | undefined> {
    await this.store.load();
    return environmentArgument(argument, this.store);
  }

  /** The named environment, or the active one, or asks. Undefined if the user cancels or chooses to add one. */
  async namedOrActive(argument: unknown, title: string): Promise<Environment | undefined> {
    return (await this.named(argument)) ?? this.store.active ?? (await this.pick(title, this.store.list()));
  }

  /** The named environment, or asks. Undefined if the user cancels or chooses to add one. */
  async choose(
    argument: unknown,
    title: string,
    suits: (environment: Environment) => boolean = () => true,
  ): Promise<Environment | undefined> {
    return (await this.named(argument)) ?? (await this.pick(title, this.store.list().filter(suits)));
  }

  /** The named environment, or asks, most recently used first. Enter chooses the previously active one. */
  async chooseToSwitch(argument: unknown, title: string): Promise<Environment | undefined> {
    const named = await this.named(argument);
    if (named !== undefined) return named;
    const environments = this.store.listByUse();
    return this.pick(
      title,
      environments,
      this.store.previous ?? environments.find(({ id }) => id !== this.store.active?.id),
    );
  }

  private async pick(
    title: string,
    environments: readonly Environment[],
    first = environments[0],
  ): Promise<Environment | undefined> {
    const choices: Choice<Environment | 'add'>[] = environments.map((environment) => {
      const active = environment.id === this.store.active?.id;
      return {
        value: environment,
        label: environment.name,
        description: [environmentDescription(environment), ...(active ? [vscode.l10n.t('active')] : [])]
          .filter((part) => part !== '')
          .join(' · '),
        icon: environmentIcon(environment, active),
        notPreselected: environment.id !== first?.id,
      };
    });
    choices.push({ value: 'add', label: vscode.l10n.t('Add Environment…'), icon: 'add', separatorBefore: '' });
    const result = await this.prompts.pick({ title, placeholder: vscode.l10n.t('Choose an environment'), choices });
    if (result === undefined || result === 'back') return undefined;
    if (result.answer !== 'add') return result.answer;
    await vscode.commands.executeCommand('scalekit.environment.add');
    return undefined;
  }
}
