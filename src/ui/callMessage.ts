import type { ScalekitError, ScalekitErrorDetails } from '../api/client/scalekitError';
import { displayText } from './displayText';
import type { FailureMessage, L10n } from './failure';
import { networkMessage, timeoutMessage, tlsMessage, waitInWords } from './networkMessage';

/**
 * The one table from a kind of failed call to a message and its buttons. It works in plain Node: the caller passes VS
 * Code's `l10n`, which translates.
 */
export function callMessage(l10n: L10n, error: ScalekitError, environment: string): FailureMessage {
  const { text, remedies } = describe(l10n, error, displayText(environment));
  return { text: withTraceId(l10n, text, error.details), remedies };
}

/** What to say if the variables that VS Code was started with are refused. Nothing can be replaced here. */
export function variablesRefusedMessage(l10n: L10n, { details }: ScalekitError, environment: string): FailureMessage {
  const text = l10n.t(
    '{0}: Scalekit refused the client ID or client secret ({1}). Correct SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET, then start VS Code again.',
    displayText(environment),
    details.errorCode ?? `HTTP ${details.status}`,
  );
  return { text: withTraceId(l10n, text, details), remedies: [] };
}

/** What to say about a change whose response was lost (`isOutcomeUnknown`). `title` says what was being done. */
export function lostResponseMessage(
  l10n: L10n,
  { kind, details }: ScalekitError,
  environment: string,
  title: string,
): string {
  // If the connection breaks in the middle of a response, that response's status is known but says nothing.
  const wasCut = details.status === undefined || kind === 'network' || kind === 'timeout';
  const why = wasCut ? (details.reason ?? kind) : `HTTP ${details.status}`;
  const text = l10n.t(
    '{0}: it’s unclear whether this succeeded: {2} ({1}). The view now shows Scalekit’s current state; check it before you try again.',
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
      return details.server === 'authorization'
        ? {
            text: l10n.t('{0}: no Scalekit at this address: it has no /oauth/token. Check the environment URL.', name),
            remedies: ['testConnection'],
          }
        : { text: l10n.t('{0}: this no longer exists in Scalekit. Refresh the view.', name), remedies: [] };
    case 'invalid':
      return {
        text:
          details.reason === 'id'
            ? l10n.t('{0}: this ID can’t be used in a request URL. Nothing was sent.', name)
            : l10n.t('{0}: Scalekit didn’t accept the request: {1}', name, saidByServer(details)),
        remedies: [],
      };
    case 'conflict':
      return { text: l10n.t('{0}: Scalekit reports a conflict: {1}', name, saidByServer(details)), remedies: [] };
    case 'rateLimit': {
      const wait = waitInWords(l10n, details);
      return {
        text:
          wait === undefined
            ? l10n.t('{0}: too many requests for this environment. Wait a minute, then try again.', name)
            : l10n.t('{0}: too many requests for this environment. Try again {1}.', name, wait),
        remedies: ['retry'],
      };
    }
    case 'network':
      return networkMessage(l10n, details, name);
    case 'tls':
      return tlsMessage(l10n, details, name);
    case 'timeout':
      return timeoutMessage(l10n, details, name);
    case 'server':
      if (details.status === 501)
        return { text: l10n.t('{0}: Scalekit doesn’t offer this here (HTTP 501).', name), remedies: [] };
      return {
        text: l10n.t(
          '{0}: Scalekit has a problem (HTTP {1}). Try again {2}.',
          name,
          details.status ?? 500,
          waitInWords(l10n, details) ?? l10n.t('in a moment'),
        ),
        remedies: ['retry'],
      };
    case 'protocol':
      return {
        text: protocolSentence(l10n, details, name),
        remedies: MAY_PASS.has(details.reason) ? ['retry', 'testConnection'] : ['testConnection'],
      };
    case 'cancelled':
      return { text: l10n.t('{0}: cancelled.', name), remedies: [] };
  }
}

function forbidden(l10n: L10n, details: ScalekitErrorDetails, name: string): FailureMessage {
  const missing = details.requiredPermissions ?? [];
  if (missing.length > 0) {
    return {
      text: l10n.t(
        '{0}: this client lacks the permission {1}. Grant it in the Scalekit dashboard.',
        name,
        displayText(missing.join(', ')),
      ),
      remedies: ['testConnection'],
    };
  }
  return {
    text:
      details.status === 401
        ? l10n.t(
            '{0}: this client gets tokens, but the Scalekit API doesn’t accept them. Allow API access for it in the Scalekit dashboard.',
            name,
          )
        : l10n.t('{0}: this client may not do that: {1}', name, saidByServer(details)),
    remedies: ['testConnection'],
  };
}

/** Responses that may be complete the next time, or once someone has signed in to the network. */
const MAY_PASS = new Set<string | undefined>(['webPage', 'empty', 'cutOff', 'wrongLength']);

function protocolSentence(l10n: L10n, details: ScalekitErrorDetails, name: string): string {
  switch (details.reason) {
    case 'redirect':
      return l10n.t(
        '{0}: the server responded with a redirect. Redirects aren’t followed, so your secret can’t reach another host. Check the environment URL.',
        name,
      );
    case 'tooLarge':
      return l10n.t(
        '{0}: the response is far larger than any of Scalekit’s, so it wasn’t read. Check the environment URL.',
        name,
      );
    case 'webPage':
      return l10n.t(
        '{0}: this doesn’t look like Scalekit: a web page came instead of JSON. If this network, VPN or proxy wants you to sign in, do so in a browser. Otherwise, check the environment URL.',
        name,
      );
    case 'empty':
      return l10n.t(
        '{0}: this doesn’t look like Scalekit: the response is empty. Try again, or check the environment URL.',
        name,
      );
    case 'cutOff':
    case 'wrongLength':
      return l10n.t('{0}: the response is damaged or was cut off on its way. Try again.', name);
    case 'encoding':
      return l10n.t(
        '{0}: the response is compressed in an unexpected way, so it couldn’t be read. Check the environment URL and the proxy.',
        name,
      );
    case 'noAccessToken':
    case 'notBearer':
      return l10n.t('{0}: the server’s token response has no bearer token. Check the environment URL.', name);
    default:
      return l10n.t(
        '{0}: this doesn’t look like Scalekit: the response isn’t the expected JSON. Check the environment URL.',
        name,
      );
  }
}

function saidByServer(details: ScalekitErrorDetails): string {
  const violations = (details.fieldViolations ?? [])
    .map((violation) => `${violation.field}: ${violation.description}`)
    .join('; ');
  return displayText(violations || details.serverMessage || details.errorCode || `HTTP ${details.status}`);
}
