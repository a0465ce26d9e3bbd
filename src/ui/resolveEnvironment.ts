import * as vscode from 'vscode';
import type { Environment } from '../core/environment';
import { environmentArgument, type EnvironmentAccess } from '../core/environmentAccess';
import type { Prompts } from './prompts';

/**
 * The environment that a command was run on, or the active one. Without any, offers the ways to get one and returns
 * undefined.
 *
 * @throws EnvironmentFailure if the one it was run on no longer exists: the active one never takes its place.
 */
export async function resolveEnvironment(
  argument: unknown,
  environments: EnvironmentAccess,
  prompts: Prompts,
): Promise<Environment | undefined> {
  await environments.ready();
  const environment = environmentArgument(argument, environments) ?? environments.active();
  if (environment !== undefined) return environment;
  const add = vscode.l10n.t('Add Environment…');
  const sandbox = vscode.l10n.t('Start Local Sandbox');
  const pressed = await prompts.message('information', vscode.l10n.t('No Scalekit environment yet.'), add, sandbox);
  if (pressed === add) await vscode.commands.executeCommand('scalekit.environment.add');
  if (pressed === sandbox) await vscode.commands.executeCommand('scalekit.sandbox.start');
  return undefined;
}
