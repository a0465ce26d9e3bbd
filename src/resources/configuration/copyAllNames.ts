import * as vscode from 'vscode';
import { allPermissions, allRoles } from '../../api/roles';
import { inEnvironment } from '../../core/environmentFailure';
import { showStatus } from '../../ui/statusMessage';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { configurationEnvironment } from './configurationEnvironment';
import { creationTitle } from '../../changes/form';
import { namesAsCode, type NameFormat } from './namesAsCode';

/** Copy All Role Names as… and Copy All Permission Names as…: from all pages, as code or one per line. */
export async function copyAllNames(
  argument: unknown,
  what: 'roles' | 'permissions',
  dependencies: ActionDependencies,
): Promise<void> {
  const { environments, prompts } = dependencies;
  const environment = await configurationEnvironment(argument, dependencies);
  if (environment === undefined) return;
  const typeName = what === 'roles' ? 'Role' : 'Permission';
  const result = await prompts.pick<NameFormat>({
    title: creationTitle(
      what === 'roles' ? vscode.l10n.t('Copy All Role Names') : vscode.l10n.t('Copy All Permission Names'),
      environment,
    ),
    placeholder: vscode.l10n.t('Choose a form'),
    choices: [
      {
        value: 'union',
        label: vscode.l10n.t('TypeScript union type'),
        detail: `export type ${typeName} = 'a' | 'b';`,
        icon: 'symbol-enum',
      },
      {
        value: 'constants',
        label: vscode.l10n.t('Constants'),
        detail: `export const ${typeName} = { A: 'a', B: 'b' } as const;`,
        icon: 'symbol-constant',
      },
      { value: 'lines', label: vscode.l10n.t('One name per line'), icon: 'list-flat' },
    ],
  });
  if (result === undefined || result === 'back') return;
  const names = await inEnvironment(environment, async () => {
    const client = await environments.client(environment.id);
    const records = await (what === 'roles'
      ? allRoles(client, { fresh: true })
      : allPermissions(client, { fresh: true }));
    return records.map(({ name }) => name);
  });
  await vscode.env.clipboard.writeText(namesAsCode(names, result.answer, typeName));
  const count = new Set(names).size;
  showStatus(
    count === 1
      ? vscode.l10n.t('1 name copied')
      : vscode.l10n.t('{0} names copied', count.toLocaleString(vscode.env.language)),
  );
}
