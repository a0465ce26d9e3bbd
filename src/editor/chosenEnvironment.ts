import * as vscode from 'vscode';
import { isRecord } from '../api/json.js';
import type { EnvironmentAccess, EnvironmentFacts } from './environmentAccess.js';
import { EnvironmentFailure } from './environmentFailure.js';
import type { Prompts } from './prompts.js';

/**
 * The environment that a command was called on, else the active one. Without any, offers the ways to get one, and gives undefined.
 *
 * @throws EnvironmentFailure when the one it was called on is gone: the active one is never taken in its place.
 */
export async function chosenEnvironment(argument: unknown, environments: EnvironmentAccess, prompts: Prompts): Promise<EnvironmentFacts | undefined> {
  await environments.ready();
  const id = isRecord(argument) ? argument['id'] : argument;
  const named = typeof id === 'string' ? environments.get(id) : undefined;
  if (typeof id === 'string' && named === undefined) throw new EnvironmentFailure({ id, name: id }, 'gone');
  const environment = named ?? environments.active();
  if (environment !== undefined) return environment;
  const add = vscode.l10n.t('Add Environment…');
  const sandbox = vscode.l10n.t('Start Local Sandbox');
  const pressed = await prompts.message('information', vscode.l10n.t('There is no Scalekit environment yet.'), add, sandbox);
  if (pressed === add) await vscode.commands.executeCommand('scalekit.environment.add');
  if (pressed === sandbox) await vscode.commands.executeCommand('scalekit.sandbox.start');
  return undefined;
}
