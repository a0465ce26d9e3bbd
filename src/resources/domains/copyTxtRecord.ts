import * as vscode from 'vscode';
import { getDomain, type DomainReference } from '../../api/domains';
import { inEnvironment } from '../../core/environmentFailure';
import { showStatus } from '../../ui/statusMessage';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { txtRecordLines, txtRecordOf, zoneFileLine, type TxtRecord } from './txtRecord';
import type { Environment } from '../../core/environment';

/** Copy TXT Record…: for a DNS dashboard, for a zone file, or for a message to the domain's owner. */
export async function copyTxtRecord(
  environment: Environment,
  which: DomainReference,
  { environments, prompts }: ActionDependencies,
): Promise<void> {
  const domain = await vscode.window.withProgress({ location: { viewId: 'scalekit.organizations' } }, () =>
    inEnvironment(environment, async () =>
      getDomain(await environments.client(environment.id), which, { fresh: true }),
    ),
  );
  const record = txtRecordOf(domain);
  const name = domain.domain ?? domain.id;
  if (record === undefined) {
    const text = vscode.l10n.t(
      'Scalekit’s API doesn’t return the TXT record of {0}. Copy it from the Scalekit dashboard.',
      name,
    );
    await prompts.message('information', text);
    return;
  }
  const result = await prompts.pick<Copied>({
    title: vscode.l10n.t('TXT Record of {0}', name),
    placeholder: vscode.l10n.t('How to copy it'),
    choices: [
      {
        value: 'nameThenValue',
        label: vscode.l10n.t('Name, Then Value'),
        description: record.nameInDomain,
        detail: vscode.l10n.t('For the two boxes of a DNS dashboard'),
        icon: 'browser',
      },
      { value: 'value', label: vscode.l10n.t('Value'), description: record.value, icon: 'symbol-string' },
      {
        value: 'lines',
        label: vscode.l10n.t('Type, Name and Value'),
        description: record.fullName,
        detail: vscode.l10n.t('Three lines, for a message to the person who manages the domain'),
        icon: 'mail',
      },
      {
        value: 'zoneFile',
        label: vscode.l10n.t('Zone File Line'),
        description: zoneFileLine(record),
        icon: 'file-code',
      },
    ],
  });
  if (result === undefined || result === 'back') return;
  if (result.answer !== 'nameThenValue') {
    await copy(textOf(record, result.answer), vscode.l10n.t('TXT record of {0} copied', name));
    return;
  }
  await copy(record.nameInDomain, vscode.l10n.t('Name of the TXT record copied'));
  const copyValue = vscode.l10n.t('Copy Value');
  const text = vscode.l10n.t(
    'The name of the TXT record is on the clipboard: {0}. Paste it, then copy the value.',
    record.nameInDomain,
  );
  if ((await prompts.message('information', text, copyValue)) === copyValue)
    await copy(record.value, vscode.l10n.t('Value of the TXT record copied'));
}

type Copied = 'nameThenValue' | 'value' | 'lines' | 'zoneFile';

function textOf(record: TxtRecord, what: Exclude<Copied, 'nameThenValue'>): string {
  switch (what) {
    case 'value':
      return record.value;
    case 'lines':
      return txtRecordLines(record, {
        type: vscode.l10n.t('Type'),
        name: vscode.l10n.t('Name'),
        value: vscode.l10n.t('Value'),
      });
    case 'zoneFile':
      return zoneFileLine(record);
  }
}

async function copy(text: string, said: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  showStatus(said);
}
