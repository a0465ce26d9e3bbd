import type { l10n } from 'vscode';
import type { ScalekitError, ScalekitErrorDetails } from '../api/scalekitError.js';
import { displayText } from './displayText.js';
import { waitInWords } from './waitInWords.js';

/** What puts a sentence into the person's language: `vscode.l10n`. */
export type L10n = Pick<typeof l10n, 't'>;

/** What helps against a failure. All but `retry`, which repeats what was done, act on the environment. */
export type FailureRemedy = 'replaceSecret' | 'testConnection' | 'startSandbox' | 'reloadWindow' | 'retry';

/** A failure in words: what happened, to which environment, what to do now. */
export interface FailureMessage {
  readonly text: string;
  /** The most likely one first; none where nothing can be done here. */
  readonly remedies: readonly FailureRemedy[];
}

/**
 * The one table from a kind of failed call to a sentence and the remedies that its buttons offer. Plain Node can read it: what
 * translates, VS Code's `l10n`, is handed in.
 */
export function callMessage(l10n: L10n, error: ScalekitError, environment: string): FailureMessage {
  const { text, remedies } = describe(l10n, error, displayText(environment));
  return { text: withTraceId(l10n, text, error.details), remedies };
}

/** What to say when the variables that VS Code was started with are refused: there is nothing to replace here. */
export function variablesRefusedMessage(l10n: L10n, { details }: ScalekitError, environment: string): FailureMessage {
  const text = l10n.t(
    '{0}: Scalekit refused the client ID or client secret ({1}). Correct SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET, then start VS Code again.',
    displayText(environment),
    details.errorCode ?? `HTTP ${details.status}`,
  );
  return { text: withTraceId(l10n, text, details), remedies: [] };
}

/** What to say of a change whose answer was lost (`isOutcomeUnknown`). `title` says what was being done. */
export function lostAnswerMessage(l10n: L10n, { kind, details }: ScalekitError, environment: string, title: string): string {
  // A connection that was lost in the middle of an answer has that answer's status too, which says nothing then.
  const wasCut = details.status === undefined || kind === 'network' || kind === 'timeout';
  const why = wasCut ? (details.reason ?? kind) : `HTTP ${details.status}`;
  const text = l10n.t(
    '{0}: it is not known whether this was done: {2} ({1}). The view shows what Scalekit has now; look there before you try again.',
    displayText(environment),
    why,
    displayText(title),
  );
  return withTraceId(l10n, text, details);
}

function withTraceId(l10n: L10n, text: string, { traceId }: ScalekitErrorDetails): string {
  return traceId === undefined ? text : `${text} ${l10n.t('Trace id: {0}', traceId)}`;
}

function describe(l10n: L10n, error: ScalekitError, name: string): FailureMessage {
  const { details } = error;
  switch (error.kind) {
    case 'credentials':
      return {
        text: l10n.t(
          '{0}: Scalekit refused the client ID or client secret ({1}). Check both in the Scalekit dashboard, then replace the secret here.',
          name,
          details.errorCode ?? `HTTP ${details.status}`,
        ),
        remedies: ['replaceSecret'],
      };
    case 'forbidden':
      return forbidden(l10n, details, name);
    case 'notFound':
      return details.stage === 'token'
        ? {
            text: l10n.t('{0}: there is no Scalekit at this address: it has no /oauth/token. Check the environment URL.', name),
            remedies: ['testConnection'],
          }
        : { text: l10n.t('{0}: this no longer exists in Scalekit. Refresh the view.', name), remedies: [] };
    case 'invalid':
      return {
        text:
          details.reason === 'id'
            ? l10n.t('{0}: this has an ID that cannot stand in the address of a request, such as “..”. Nothing was sent.', name)
            : l10n.t('{0}: Scalekit did not accept the request: {1}', name, saidByServer(details)),
        remedies: [],
      };
    case 'conflict':
      return { text: l10n.t('{0}: Scalekit reports a conflict: {1}', name, saidByServer(details)), remedies: [] };
    case 'rateLimit':
      return {
        text:
          details.retryAfterMs === undefined
            ? l10n.t('{0}: too many requests for this environment. Wait a minute, then try again.', name)
            : l10n.t('{0}: too many requests for this environment. Try again in {1}.', name, waitInWords(l10n, details.retryAfterMs)),
        remedies: ['retry'],
      };
    case 'network':
      return { text: networkSentence(l10n, details, name), remedies: ['retry'] };
    case 'tls':
      return {
        text:
          details.reason === 'EPROTO' || details.reason?.includes('WRONG_VERSION')
            ? l10n.t('{0}: the server does not speak HTTPS on this port ({1}). Check the environment URL.', name, details.reason)
            : l10n.t(
                '{0}: the server’s TLS certificate is not trusted ({1}). Check the URL; behind a company proxy, add its certificate to the operating system.',
                name,
                details.reason ?? 'TLS',
              ),
        remedies: ['retry'],
      };
    case 'timeout':
      return { text: l10n.t('{0}: Scalekit did not answer in time. Check the network, then try again.', name), remedies: ['retry'] };
    case 'server':
      if (details.status === 501) return { text: l10n.t('{0}: Scalekit does not offer this here (HTTP 501).', name), remedies: [] };
      return {
        text: l10n.t('{0}: Scalekit has a problem (HTTP {1}). Try again in a moment.', name, details.status ?? 500),
        remedies: ['retry'],
      };
    case 'protocol':
      return { text: protocolSentence(l10n, details, name), remedies: ['testConnection'] };
    case 'cancelled':
      return { text: l10n.t('{0}: cancelled.', name), remedies: [] };
  }
}

function forbidden(l10n: L10n, details: ScalekitErrorDetails, name: string): FailureMessage {
  const missing = details.requiredPermissions ?? [];
  if (missing.length > 0) {
    return {
      text: l10n.t('{0}: this client lacks the permission {1}. Grant it in the Scalekit dashboard.', name, displayText(missing.join(', '))),
      remedies: ['testConnection'],
    };
  }
  return {
    text:
      details.status === 401
        ? l10n.t('{0}: this client gets tokens, but the Scalekit API does not accept them. Allow API access for it in the Scalekit dashboard.', name)
        : l10n.t('{0}: this client may not do that: {1}', name, saidByServer(details)),
    remedies: ['testConnection'],
  };
}

function networkSentence(l10n: L10n, details: ScalekitErrorDetails, name: string): string {
  switch (details.reason) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return l10n.t('{0}: the host name could not be found (DNS, {1}). Check the environment URL and the network.', name, details.reason);
    case 'ECONNREFUSED':
      return l10n.t('{0}: nothing answers at this address (connection refused). Check the environment URL and its port.', name);
    default:
      return l10n.t('{0}: the connection failed ({1}). Check the network, then try again.', name, details.reason ?? 'network');
  }
}

function protocolSentence(l10n: L10n, details: ScalekitErrorDetails, name: string): string {
  switch (details.reason) {
    case 'redirect':
      return l10n.t(
        '{0}: the server answered with a redirect, which is not followed, so that the secret goes nowhere else. Check the environment URL.',
        name,
      );
    case 'tooLarge':
      return l10n.t('{0}: the answer is far larger than any of Scalekit’s, and was not read. Check the environment URL.', name);
    case 'noAccessToken':
    case 'notBearer':
      return l10n.t('{0}: the server’s token answer holds no bearer token. Check the environment URL.', name);
    default:
      return l10n.t('{0}: this does not look like Scalekit: the answer is not the expected JSON. Check the environment URL.', name);
  }
}

function saidByServer(details: ScalekitErrorDetails): string {
  const violations = (details.fieldViolations ?? []).map((violation) => `${violation.field}: ${violation.description}`).join('; ');
  return displayText(violations || details.serverMessage || details.errorCode || `HTTP ${details.status}`);
}
