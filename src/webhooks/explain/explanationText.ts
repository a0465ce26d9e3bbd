import type { L10n } from '../../ui/failure';
import { faultWords, type FaultWords } from './faultWords';
import type { Fault, Findings } from './findFaults';
import type { PastedWebhook } from './pastedWebhook';

/** Makes text from elsewhere safe for Markdown: `inlineCode`, which can't be imported in plain Node. */
type Code = (text: string) => string;

/**
 * Why a webhook's signature is refused, as Markdown: what is wrong, what to change, what each SDK says. The secret, the
 * signature and the body never stand in it.
 */
export function explanationText(l10n: L10n, pasted: PastedWebhook, findings: Findings, code: Code): string {
  return [
    `# ${heading(l10n, findings)}`,
    ...(findings.faults.length === 0 ? [l10n.t('The timestamp is recent enough, too.')] : []),
    ...findings.faults
      .map((fault) => faultWords(l10n, fault))
      .flatMap((words) => [`## ${words.title}`, ...faultLines(l10n, words)]),
    `## ${l10n.t('What the SDKs say')}`,
    sdkTable(l10n, findings),
    l10n.t('Only what is known about an SDK is shown.'),
    `## ${l10n.t('What was checked')}`,
    checkedLines(l10n, pasted, findings, code),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The faults that don't concern whether the signature fits. */
const BESIDE: ReadonlySet<Fault['kind']> = new Set(['tooOld', 'tooNew', 'firstOfOtherLength', 'capitals']);

function heading(l10n: L10n, { faults, signature }: Findings): string {
  if (faults.length === 0) return l10n.t('This webhook’s signature holds');
  if (signature === 'holds' && faults.every(({ kind }) => BESIDE.has(kind)))
    return l10n.t('The signature holds, but the check fails');
  return l10n.t('Why this webhook’s signature is refused');
}

function faultLines(l10n: L10n, { why, change }: FaultWords): string[] {
  return [why, `**${l10n.t('What to change')}**: ${change}`];
}

function sdkTable(l10n: L10n, { sdks }: Findings): string {
  return [
    `| SDK | ${l10n.t('Says')} |`,
    '|---|---|',
    ...sdks.map(({ sdk, says }) => `| ${sdk} | ${/^true$/i.test(says) ? `\`${says}\`` : `“${says}”`} |`),
  ].join('\n');
}

function checkedLines(
  l10n: L10n,
  pasted: PastedWebhook,
  { family, id, timestamp, bytes, signature }: Findings,
  code: Code,
): string {
  const names = { curl: 'curl', json: 'JSON', log: l10n.t('log or HTTP') };
  const seconds = /^\d{9,11}$/.test(timestamp ?? '') ? Number(timestamp) : undefined;
  return [
    l10n.t('Read as: {0}', names[pasted.form]),
    l10n.t('Headers: {0}', code(`${family}-…`)),
    ...(id === undefined ? [] : [l10n.t('ID: {0}', code(id))]),
    ...(timestamp === undefined
      ? []
      : [
          l10n.t('Timestamp: {0}', code(timestamp)) +
            (seconds === undefined ? '' : ` (${new Date(seconds * 1000).toISOString()})`),
        ]),
    l10n.t('Body: {0} bytes, not shown here', bytes),
    signatureLine(l10n, signature),
    l10n.t('The secret is not shown.'),
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

function signatureLine(l10n: L10n, signature: Findings['signature']): string {
  switch (signature) {
    case 'holds':
      return l10n.t('Signature: made with this secret for this body');
    case 'holdsForAnotherForm':
      return l10n.t('Signature: made with this secret, but not for this, as it stands');
    case 'holdsForNothing':
      return l10n.t('Signature: fits nothing that was tried');
    case 'notChecked':
      return l10n.t('Signature: could not be checked');
  }
}
