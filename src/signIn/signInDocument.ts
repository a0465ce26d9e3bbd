import * as vscode from 'vscode';
import type { JsonRecord } from '../api/json';
import { readArray, readText } from '../api/json';
import { environmentWords } from '../ui/documentHeading';
import { localTime } from '../ui/localTime';
import { selectorWords } from './selectorWords';
import { checkLine } from './checkWords';
import { refusalWords } from './endingWords';
import type { CheckedToken } from './idTokenChecks';
import { inlineCode } from '../ui/inlineCode';
import { readingCode } from './readingCode';
import type { SignInReport, Step } from './signInReport';
import { isAccepted } from './tokenCheck';

/** How claims are explained: JSON, each with a comment. */
export type CommentedClaims = (claims: JsonRecord, json: string, now: number) => string;

/**
 * The document about one sign-in, from top to bottom: how it ended, every step, what was asked, every check, where the
 * organization, connection and user come from, and the claims. It's Markdown in which text from elsewhere is always
 * code. Tokens never stand in it.
 */
export function signInDocument(report: SignInReport, commentedClaims: CommentedClaims, now: number): string {
  const { environment, idToken, accessToken, initiated } = report;
  return [
    `# ${vscode.l10n.t('Sign-in to {0}', inlineCode(environmentWords(environment)))}`,
    ending(report),
    section(
      vscode.l10n.t('Steps'),
      report.steps.map((step) => stepLine(step, report.begunAt)),
    ),
    section(vscode.l10n.t('Requests that didn’t count'), refusals(report)),
    section(vscode.l10n.t('Request'), request(report)),
    ...(initiated === undefined
      ? []
      : [
          section(vscode.l10n.t('Checks of the identity provider’s token'), initiated.checks.map(checkLine)),
          claimsSection(vscode.l10n.t('Claims of the identity provider’s token'), initiated, commentedClaims, now),
        ]),
    section(vscode.l10n.t('Tokens'), tokenLines(report)),
    ...(idToken === undefined
      ? []
      : [
          section(vscode.l10n.t('Checks of the ID token'), idToken.checks.map(checkLine)),
          ...origins(idToken),
          claimsSection(vscode.l10n.t('Claims of the ID token'), idToken, commentedClaims, now),
        ]),
    ...(accessToken === undefined
      ? []
      : [
          section(vscode.l10n.t('Checks of the access token'), accessToken.checks.map(checkLine)),
          claimsSection(vscode.l10n.t('Claims of the access token'), accessToken, commentedClaims, now),
        ]),
    vscode.l10n.t('Tokens, codes and states are not shown. Copy a token with the button in the title bar.'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** How it ended, in a sentence or two. */
function ending({ outcome, idToken, problem, said = [], environment }: SignInReport): string {
  if (problem === undefined) {
    const claims = idToken?.content?.claims ?? {};
    const who = inlineCode(readText(claims['email']) ?? readText(claims['sub']) ?? '…');
    if (outcome === 'signedIn') return `**${vscode.l10n.t('Signed in')}**: ${who}`;
    return idToken !== undefined && !isAccepted(idToken.checks)
      ? `**${vscode.l10n.t('Rejected')}**: ${vscode.l10n.t('tokens were received, but an app shouldn’t accept this ID token. The checks below say why.')}`
      : `**${vscode.l10n.t('Rejected')}**`;
  }
  return [
    `**${vscode.l10n.t('Not signed in')}**: ${problem.happened}`,
    ...(said.length === 0
      ? []
      : [vscode.l10n.t('{0} says: {1}', inlineCode(environment.name), said.map(inlineCode).join(' · '))]),
    vscode.l10n.t('What to change: {0}', problem.change),
    vscode.l10n.t('Scalekit’s documentation: {0}', `<${problem.page}>`),
  ].join('\n\n');
}

function stepLine({ at, outcome, text, durationMs }: Step, begunAt: number): string {
  const mark = { done: '✓', failed: '✗', noted: '!' }[outcome];
  const since = vscode.l10n.t('{0} s', ((at - begunAt) / 1000).toFixed(1));
  const took = durationMs === undefined ? '' : ` (${vscode.l10n.t('{0} ms', Math.round(durationMs))})`;
  return `- ${mark} ${localTime(at, { seconds: true })} +${since} ${text}${took}`;
}

function refusals({ refusals: refused }: SignInReport): string[] {
  const counts = new Map<string, number>();
  for (const refusal of refused) counts.set(refusalWords(refusal), (counts.get(refusalWords(refusal)) ?? 0) + 1);
  return [...counts].map(([words, count]) => `- ${vscode.l10n.t('{0} × a callback {1}', count, words)}`);
}

function request({ choices, clientId, redirectUri, environmentUrl }: SignInReport): string[] {
  const line = (label: string, value: string): string => `- ${label}: ${value}`;
  return [
    line(vscode.l10n.t('Address'), inlineCode(`${environmentUrl}/oauth/authorize`)),
    line(
      vscode.l10n.t('App'),
      choices.otherClientId === undefined
        ? inlineCode(clientId)
        : `${inlineCode(clientId)}, ${vscode.l10n.t('without a secret: PKCE alone')}`,
    ),
    line(vscode.l10n.t('Callback'), inlineCode(redirectUri)),
    line(vscode.l10n.t('Connection'), inlineCode(selectorWords(choices.selector))),
    line(vscode.l10n.t('Scopes'), inlineCode(choices.scopes.join(' '))),
    ...(choices.loginHint === '' ? [] : [line(vscode.l10n.t('Login hint'), inlineCode(choices.loginHint))]),
    ...(choices.prompt === undefined ? [] : [line(vscode.l10n.t('Prompt'), inlineCode(choices.prompt))]),
    line(vscode.l10n.t('Also'), vscode.l10n.t('a random state, a random nonce, and PKCE with S256')),
  ];
}

function tokenLines({ tokens }: SignInReport): string[] {
  if (tokens === undefined) return [];
  const came = (name: string, has: boolean): string =>
    `- ${has ? '✓' : '–'} ${name}: ${has ? vscode.l10n.t('received') : vscode.l10n.t('not sent')}`;
  return [
    came(vscode.l10n.t('Access token'), tokens.hasAccessToken) +
      (tokens.expiresIn === undefined ? '' : `, ${vscode.l10n.t('valid for {0} seconds', tokens.expiresIn)}`),
    came(vscode.l10n.t('ID token'), tokens.hasIdToken),
    came(vscode.l10n.t('Refresh token'), tokens.hasRefreshToken) +
      (tokens.hasRefreshToken
        ? ''
        : `. ${vscode.l10n.t('It comes only with the scope “offline_access”, and only with full-stack authentication.')}`),
    ...(tokens.scope === undefined ? [] : [`- ${vscode.l10n.t('Granted scopes')}: ${inlineCode(tokens.scope)}`]),
  ];
}

/** Where an app reads who signed in, from where, and for which organization. */
function origins({ content }: CheckedToken): string[] {
  if (content === undefined) return [];
  const { sub, oid, amr } = content.claims;
  const connection = readArray(amr)[0];
  const subject = readText(sub);
  const isModular = subject?.startsWith('conn_') === true;
  const row = (label: string, claim: string, value: unknown): string =>
    value === undefined
      ? `- – ${label}: ${vscode.l10n.t('{0} was not sent', inlineCode(claim))}`
      : `- ✓ ${label}: ${inlineCode(value)}, ${vscode.l10n.t('from {0}', inlineCode(claim))}`;
  return [
    section(vscode.l10n.t('Where organization, connection and user come from'), [
      row(vscode.l10n.t('Organization'), 'oid', oid),
      row(vscode.l10n.t('Connection'), 'amr', connection),
      row(vscode.l10n.t('User'), 'sub', sub),
      ...(isModular
        ? [
            `- ! ${vscode.l10n.t('With Modular SSO, Scalekit has no user of its own: {0} is the connection and the subject at the identity provider.', inlineCode('sub'))}`,
          ]
        : []),
      ...('org_id' in content.claims || oid === undefined
        ? []
        : [`- ! ${vscode.l10n.t('The organization is {0}, not {1}.', inlineCode('oid'), inlineCode('org_id'))}`]),
    ]),
    ['```js', readingCode(), '```'].join('\n'),
  ];
}

function claimsSection(
  title: string,
  { content }: CheckedToken,
  commentedClaims: CommentedClaims,
  now: number,
): string {
  if (content === undefined) return '';
  return [`## ${title}`, '', '```jsonc', commentedClaims(content.claims, content.claimsJson, now), '```'].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`## ${title}`, '', ...lines].join('\n');
}
