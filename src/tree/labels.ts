import * as vscode from 'vscode';

/** The names under which users know identity providers (docs/scalekit-api.md, 2.3, 2.4). */
const PROVIDERS: Readonly<Record<string, string>> = {
  OKTA: 'Okta',
  GOOGLE: 'Google',
  MICROSOFT_AD: 'Microsoft Entra ID',
  AUTH0: 'Auth0',
  ONELOGIN: 'OneLogin',
  PING_IDENTITY: 'Ping Identity',
  JUMPCLOUD: 'JumpCloud',
  GITHUB: 'GitHub',
  GITLAB: 'GitLab',
  LINKEDIN: 'LinkedIn',
  SALESFORCE: 'Salesforce',
  MICROSOFT: 'Microsoft',
  SCALEKIT: 'Scalekit',
  ADFS: 'AD FS',
};

/** A provider's name. An unknown one keeps Scalekit's spelling. */
export function providerName(provider: string | undefined): string {
  switch (provider) {
    case undefined:
    case 'CONNECTION_PROVIDER_UNSPECIFIED':
      return vscode.l10n.t('Unknown provider');
    case 'CUSTOM':
      return vscode.l10n.t('Custom provider');
    case 'IDP_SIMULATOR':
      return vscode.l10n.t('IdP Simulator');
    default:
      return PROVIDERS[provider] ?? provider;
  }
}

/** What users call a connection's type. An unknown one keeps Scalekit's spelling. */
export function protocolName(type: string): string {
  switch (type) {
    case 'OAUTH':
      return 'OAuth';
    case 'PASSWORDLESS':
      return vscode.l10n.t('Passwordless');
    default:
      return type;
  }
}

/** The setup state of a connection or directory, if it isn't complete. */
export function setupState(status: string | undefined): string | undefined {
  switch (status) {
    case 'DRAFT':
      return vscode.l10n.t('draft');
    case 'IN_PROGRESS':
      return vscode.l10n.t('setup in progress');
    default:
      return undefined;
  }
}

export function onOff(enabled: boolean): string {
  return enabled ? vscode.l10n.t('enabled') : vscode.l10n.t('disabled');
}

/** The same as a line of a hover. */
export function onOffLine(enabled: boolean): string {
  return enabled ? vscode.l10n.t('Enabled') : vscode.l10n.t('Disabled');
}
