import * as vscode from 'vscode';
import type { ScalekitError, ScalekitErrorDetails } from '../api/scalekitError.js';
import { displayText } from './displayText.js';
import type { EnvironmentFailure, UnusableReason } from './environmentFailure.js';

/** What helps against a failure. All but `retry`, which repeats what was done, act on the environment. */
export type FailureRemedy = 'replaceSecret' | 'testConnection' | 'startSandbox' | 'reloadWindow' | 'retry';

/** A failure in words: what happened, to which environment, what to do now. */
export interface FailureMessage {
  readonly text: string;
  /** The most likely one first; none where nothing can be done here. */
  readonly remedies: readonly FailureRemedy[];
}

/** What to say about a failed call or an environment that cannot be used. */
export function failureMessage({ environment, failure }: EnvironmentFailure): FailureMessage {
  return typeof failure === 'string' ? unusableMessage(failure, displayText(environment.name)) : callMessage(failure, environment.name);
}

/** The one table from a kind of failed call to a sentence and the remedy that its button offers. */
export function callMessage(error: ScalekitError, environment: string): FailureMessage {
  const { text, remedies } = describe(error, displayText(environment));
  const trace = error.details.traceId === undefined ? '' : ` ${vscode.l10n.t('Trace id: {0}', error.details.traceId)}`;
  return { text: `${text}${trace}`, remedies };
}

/** A remedy's button, and the command behind it; `retry` has none, since it repeats what was done. */
export interface RemedyAction {
  readonly label: string;
  readonly command?: string;
}

export function remedyAction(remedy: FailureRemedy): RemedyAction {
  switch (remedy) {
    case 'retry':
      return { label: vscode.l10n.t('Try Again') };
    case 'replaceSecret':
      return { label: vscode.l10n.t('Replace Client Secret…'), command: 'scalekit.environment.replaceSecret' };
    case 'testConnection':
      return { label: vscode.l10n.t('Test Connection'), command: 'scalekit.environment.test' };
    case 'startSandbox':
      return { label: vscode.l10n.t('Start Local Sandbox'), command: 'scalekit.sandbox.start' };
    case 'reloadWindow':
      return { label: vscode.l10n.t('Reload Window'), command: 'workbench.action.reloadWindow' };
  }
}

function unusableMessage(reason: UnusableReason, name: string): FailureMessage {
  switch (reason) {
    case 'secretMissing':
      return {
        text: vscode.l10n.t('{0}: this window does not find its client secret. Reload the window to use it; if that does not help, enter the secret again.', name),
        remedies: ['reloadWindow', 'replaceSecret'],
      };
    case 'secretDamaged':
      return { text: vscode.l10n.t('{0}: its record in the secret storage is damaged. Enter the secret again.', name), remedies: ['replaceSecret'] };
    case 'secretUnreadable':
      return {
        text: vscode.l10n.t('{0}: the secret storage cannot be read. Unlock the system’s keyring, then try again.', name),
        remedies: ['retry'],
      };
    case 'sandboxStopped':
      return { text: vscode.l10n.t('{0} is stopped.', name), remedies: ['startSandbox'] };
    case 'invalidUrl':
      return {
        text: vscode.l10n.t('{0}: SCALEKIT_ENVIRONMENT_URL is not an https URL. Correct the variable and restart VS Code.', name),
        remedies: [],
      };
    case 'gone':
      return { text: vscode.l10n.t('{0}: this environment was removed.', name), remedies: [] };
  }
}

function describe(error: ScalekitError, name: string): FailureMessage {
  const { details } = error;
  switch (error.kind) {
    case 'credentials':
      return {
        text: vscode.l10n.t(
          '{0}: Scalekit refused the client ID or client secret ({1}). Check both in the Scalekit dashboard, then replace the secret here.',
          name,
          details.errorCode ?? `HTTP ${details.status}`,
        ),
        remedies: ['replaceSecret'],
      };
    case 'forbidden':
      return forbidden(details, name);
    case 'notFound':
      return details.stage === 'token'
        ? {
            text: vscode.l10n.t('{0}: there is no Scalekit at this address: it has no /oauth/token. Check the environment URL.', name),
            remedies: ['testConnection'],
          }
        : { text: vscode.l10n.t('{0}: Scalekit has no such object any more. Refresh the view.', name), remedies: [] };
    case 'invalid':
      return {
        text: vscode.l10n.t('{0}: Scalekit did not accept the request: {1}', name, saidByServer(details)),
        remedies: [],
      };
    case 'conflict':
      return { text: vscode.l10n.t('{0}: Scalekit reports a conflict: {1}', name, saidByServer(details)), remedies: [] };
    case 'rateLimit':
      return {
        text:
          details.retryAfterMs === undefined
            ? vscode.l10n.t('{0}: too many requests for this environment. Wait a minute, then try again.', name)
            : vscode.l10n.t(
                '{0}: too many requests for this environment. Try again in {1} seconds.',
                name,
                Math.ceil(details.retryAfterMs / 1000),
              ),
        remedies: ['retry'],
      };
    case 'network':
      return { text: networkSentence(details, name), remedies: ['retry'] };
    case 'tls':
      return {
        text:
          details.reason === 'EPROTO' || details.reason?.includes('WRONG_VERSION')
            ? vscode.l10n.t('{0}: the server does not speak HTTPS on this port ({1}). Check the environment URL.', name, details.reason)
            : vscode.l10n.t(
                '{0}: the server’s TLS certificate is not trusted ({1}). Check the URL; behind a company proxy, add its certificate to the operating system.',
                name,
                details.reason ?? 'TLS',
              ),
        remedies: ['retry'],
      };
    case 'timeout':
      return { text: vscode.l10n.t('{0}: Scalekit did not answer in time. Check the network, then try again.', name), remedies: ['retry'] };
    case 'server':
      return {
        text: vscode.l10n.t('{0}: Scalekit has a problem (HTTP {1}). Try again in a moment.', name, details.status ?? 500),
        remedies: ['retry'],
      };
    case 'protocol':
      return { text: protocolSentence(details, name), remedies: ['testConnection'] };
    case 'cancelled':
      return { text: vscode.l10n.t('{0}: cancelled.', name), remedies: [] };
  }
}

function forbidden(details: ScalekitErrorDetails, name: string): FailureMessage {
  const missing = details.requiredPermissions ?? [];
  if (missing.length > 0) {
    return {
      text: vscode.l10n.t('{0}: this client lacks the permission {1}. Grant it in the Scalekit dashboard.', name, displayText(missing.join(', '))),
      remedies: ['testConnection'],
    };
  }
  return {
    text:
      details.status === 401
        ? vscode.l10n.t('{0}: this client gets tokens, but the Scalekit API does not take them. Allow API access for it in the dashboard.', name)
        : vscode.l10n.t('{0}: this client may not do that: {1}', name, saidByServer(details)),
    remedies: ['testConnection'],
  };
}

function networkSentence(details: ScalekitErrorDetails, name: string): string {
  switch (details.reason) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return vscode.l10n.t('{0}: the host name could not be found (DNS, {1}). Check the environment URL and the network.', name, details.reason);
    case 'ECONNREFUSED':
      return vscode.l10n.t('{0}: nothing answers at this address (connection refused). Check the environment URL and its port.', name);
    default:
      return vscode.l10n.t('{0}: the connection failed ({1}). Check the network, then try again.', name, details.reason ?? 'network');
  }
}

function protocolSentence(details: ScalekitErrorDetails, name: string): string {
  switch (details.reason) {
    case 'redirect':
      return vscode.l10n.t(
        '{0}: the server answered with a redirect, which is not followed, so that the secret goes nowhere else. Check the environment URL.',
        name,
      );
    case 'tooLarge':
      return vscode.l10n.t('{0}: the answer is far larger than any of Scalekit’s, and was not read.', name);
    case 'noAccessToken':
    case 'notBearer':
      return vscode.l10n.t('{0}: the server’s token answer holds no bearer token. Check the environment URL.', name);
    default:
      return vscode.l10n.t('{0}: this does not look like Scalekit: the answer is not the expected JSON. Check the environment URL.', name);
  }
}

function saidByServer(details: ScalekitErrorDetails): string {
  const violations = (details.fieldViolations ?? []).map((violation) => `${violation.field}: ${violation.description}`).join('; ');
  return displayText(violations || details.serverMessage || details.errorCode || `HTTP ${details.status}`);
}
