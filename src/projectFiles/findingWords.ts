import * as vscode from 'vscode';
import type { EnvironmentUrlFault } from '../api/client/environmentUrl';
import { urlFaultSentence } from '../ui/credentialProblems';
import type { Check, Finding } from './finding';

const DOCS = 'https://docs.scalekit.com';

/** The page of Scalekit's documentation that a check is about. */
const PAGES: Readonly<Record<Check, string>> = {
  misspeltNames: '/guides/client-credentials-practices/',
  urlForms: '/guides/client-credentials-practices/',
  placeholders: '/guides/client-credentials-practices/',
  swappedValues: '/guides/client-credentials-practices/',
  differentUrls: '/guides/client-credentials-practices/',
  publicSecrets: '/guides/client-credentials-practices/',
  trackedSecrets: '/guides/client-credentials-practices/',
  mixedStages: '/guides/client-credentials-practices/',
  storedSecrets: '/guides/client-credentials-practices/',
  sdkMethods: '/saaskit/sdks/node/scalekit-client/',
  sdkOptions: '/saaskit/sdks/node/scalekit-client/',
  logoutUrls: '/authenticate/fsa/logout/',
  organizationClaims: '/authenticate/fsa/complete-login/',
  statusTexts: '/agentkit/connected-accounts/',
  parsedBodies: '/authenticate/implement-workflows/implement-webhooks/',
  webhookHeaders: '/authenticate/implement-workflows/implement-webhooks/',
  clientsPerRequest: '/saaskit/sdks/node/scalekit-client/',
};

/** Where to read more about a finding. */
export function documentationOf({ check }: Finding): string {
  return DOCS + PAGES[check];
}

/** What a finding needs to know for its sentence. */
export interface FindingContext {
  /** The name of an environment. */
  readonly nameOf: (environmentId: string) => string;
  readonly sdkVersion: string;
}

/** What is wrong and why, without any value from the text. */
export function findingSentence(finding: Finding, { nameOf, sdkVersion }: FindingContext): string {
  const { check, variant = '', names = [], environmentId = '' } = finding;
  const [first = '', second = '', third] = names;
  switch (check) {
    case 'misspeltNames':
      return vscode.l10n.t(
        'Scalekit’s documentation calls this {1}. Check which name your app reads: {0} may be ignored.',
        first,
        second,
      );
    case 'urlForms':
      return urlSentence(variant);
    case 'placeholders':
      return vscode.l10n.t(
        '{0} still has a placeholder. The value is in the Scalekit dashboard, under API credentials.',
        first,
      );
    case 'swappedValues':
      return variant === 'swapped'
        ? vscode.l10n.t(
            '{0} has the client ID. It seems that its value and the value of {1} are swapped.',
            first,
            second,
          )
        : vscode.l10n.t('{0} has a client ID, not a client secret.', first);
    case 'differentUrls':
      return vscode.l10n.t('{0} and {1} name different environments. An app may read only one of them.', second, first);
    case 'publicSecrets':
      return vscode.l10n.t(
        'With the prefix {1}, {0} becomes part of the code that browsers and phones download. A secret must stay on the server.',
        first,
        second,
      );
    case 'trackedSecrets':
      return vscode.l10n.t('Git tracks this file, so the value of {0} goes into its history.', first);
    case 'mixedStages':
      return variant === 'productionClient'
        ? vscode.l10n.t(
            '{0} has the form of a development secret, and {1} the form of a production client.',
            first,
            second,
          )
        : vscode.l10n.t(
            '{0} has the form of a development secret, and {1} the form of a production environment’s URL.',
            first,
            second,
          );
    case 'storedSecrets':
      return vscode.l10n.t(
        'This is the client secret of {0}, which is in VS Code’s secret storage. It doesn’t have to be in a file.',
        nameOf(environmentId),
      );
    case 'sdkMethods':
      return second === ''
        ? vscode.l10n.t('Version {1} of Scalekit’s SDK has no {0}.', first, sdkVersion)
        : vscode.l10n.t('Version {1} of Scalekit’s SDK has no {0}. Did you mean {2}?', first, sdkVersion, second);
    case 'sdkOptions':
      return third === undefined
        ? vscode.l10n.t(
            '{0} has no option {1} in version {2} of Scalekit’s SDK, which ignores it.',
            first,
            second,
            sdkVersion,
          )
        : vscode.l10n.t('{0} ignores {1}. The option is {2}.', first, second, third);
    case 'logoutUrls':
      return variant === 'python'
        ? vscode.l10n.t('get_logout_url takes one LogoutUrlOptions object. Other arguments raise an error.')
        : vscode.l10n.t(
            'getLogoutUrl takes one object with idTokenHint and postLogoutRedirectUri. From other arguments it makes a URL without them.',
          );
    case 'organizationClaims':
      return vscode.l10n.t('Scalekit’s tokens have the organization in the claim oid. They have no org_id.');
    case 'statusTexts':
      return vscode.l10n.t(
        'In the Node SDK, the status of a connected account is a number of the enum ConnectorStatus. It never equals the text {0}.',
        first,
      );
    case 'parsedBodies':
      return variant === 'written'
        ? vscode.l10n.t(
            'The signature is for the body as it was sent. Text made from the parsed body passes the check only if every byte happens to be the same.',
          )
        : vscode.l10n.t('The signature is for the body as it was sent. A parsed body doesn’t pass the check.');
    case 'webhookHeaders':
      return vscode.l10n.t(
        'The check needs a plain object with the headers. From a Headers object, it reports “Missing required headers”.',
      );
    case 'clientsPerRequest':
      return vscode.l10n.t(
        'Each request makes a client of its own, which fetches its own token and keys. Create the client once, outside of the function.',
      );
  }
}

function urlSentence(variant: string): string {
  switch (variant) {
    case 'noScheme':
      return vscode.l10n.t('The environment URL begins with https://.');
    case 'slash':
      return vscode.l10n.t('Leave out the slash at the end of the environment URL.');
    case 'path':
      return vscode.l10n.t('The environment URL is only scheme and host, without a path.');
    default:
      return urlFaultSentence(variant as EnvironmentUrlFault);
  }
}

/** What the mechanical fix of a finding does. */
export function fixTitle({ check, names = [], variant }: Finding): string {
  switch (check) {
    case 'misspeltNames':
      return vscode.l10n.t('Rename to {0}', names[1] ?? '');
    case 'publicSecrets':
      return vscode.l10n.t('Rename Without {0}', names[1] ?? '');
    case 'swappedValues':
      return vscode.l10n.t('Swap the Two Values');
    case 'urlForms':
      return variant === 'insecure' ? vscode.l10n.t('Use https://') : vscode.l10n.t('Correct the URL');
    case 'sdkMethods':
      return vscode.l10n.t('Change to {0}', names[1] ?? '');
    case 'sdkOptions':
      return vscode.l10n.t('Change to {0}', names[2] ?? '');
    case 'organizationClaims':
      return vscode.l10n.t('Change to {0}', 'oid');
    case 'logoutUrls':
      return vscode.l10n.t('Pass One Object');
    case 'webhookHeaders':
      return vscode.l10n.t('Pass a Plain Object');
    default:
      return vscode.l10n.t('Correct This');
  }
}
