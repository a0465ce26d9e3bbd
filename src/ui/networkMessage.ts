import type { ScalekitErrorDetails } from '../api/client/scalekitError';
import type { FailureMessage, L10n } from './failure';

/**
 * The message for a call that the network, a proxy or TLS stopped. Each cause that can be recognized has its own
 * message and remedy. `name` is the environment's.
 */
export function networkMessage(
  l10n: L10n,
  { reason = '', maybeReceived, status }: ScalekitErrorDetails,
  name: string,
): FailureMessage {
  const say = (text: string): FailureMessage => ({ text, remedies: ['retry'] });
  switch (reason) {
    case 'proxySignIn':
      return say(
        l10n.t(
          '{0}: the proxy on the way to Scalekit wants you to sign in (HTTP 407). Check the setting http.proxy and its user name and password, then try again.',
          name,
        ),
      );
    case 'networkSignIn':
      return say(
        l10n.t(
          '{0}: this network wants you to sign in first (HTTP 511). Open any web page in a browser to do so, then try again.',
          name,
        ),
      );
    case 'ENOTFOUND':
      return say(
        l10n.t(
          '{0}: the host name couldn’t be found (DNS, {1}). Check the environment URL and the network.',
          name,
          reason,
        ),
      );
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return say(
        l10n.t(
          '{0}: the host name couldn’t be looked up (DNS, {1}). Check the network and VPN, then try again.',
          name,
          reason,
        ),
      );
    case 'ECONNREFUSED':
      return say(
        l10n.t(
          '{0}: nothing responds at this address (connection refused). Check the environment URL and its port.',
          name,
        ),
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return say(
        l10n.t(
          '{0}: this network can’t reach the server ({1}). Check the network and VPN, then try again.',
          name,
          reason,
        ),
      );
    case 'EACCES':
    case 'EPERM':
      return say(
        l10n.t(
          '{0}: this computer doesn’t allow the connection ({1}). Check its firewall, then try again.',
          name,
          reason,
        ),
      );
    case 'ETIMEDOUT':
      if (!maybeReceived) return say(noConnection(l10n, name));
  }
  if (status !== undefined)
    return say(l10n.t('{0}: the connection was lost in the middle of the response ({1}). Try again.', name, reason));
  return say(l10n.t('{0}: the connection failed ({1}). Check the network, then try again.', name, reason || 'network'));
}

/** The message for a call that got no response in time. */
export function timeoutMessage(l10n: L10n, { maybeReceived }: ScalekitErrorDetails, name: string): FailureMessage {
  const text = maybeReceived
    ? l10n.t('{0}: Scalekit didn’t respond in time. Check the network, then try again.', name)
    : noConnection(l10n, name);
  return { text, remedies: ['retry'] };
}

function noConnection(l10n: L10n, name: string): string {
  return l10n.t(
    '{0}: the connection wasn’t made in time, so nothing was sent. Check the network, VPN and proxy, then try again.',
    name,
  );
}

/** OpenSSL's codes for a version or cipher that only one side accepts. */
const NOTHING_IN_COMMON =
  /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|VERSION_TOO_LOW|NO_SHARED_CIPHER|INSUFFICIENT_SECURITY|INAPPROPRIATE_FALLBACK|KEY_TOO_SMALL|UNSAFE_LEGACY|HANDSHAKE_FAILURE/;

/** The same for TLS. */
export function tlsMessage(l10n: L10n, { reason = 'TLS' }: ScalekitErrorDetails, name: string): FailureMessage {
  const say = (text: string): FailureMessage => ({ text, remedies: ['retry'] });
  if (reason === 'EPROTO' || /WRONG_VERSION|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_OVERFLOW/.test(reason)) {
    return say(
      l10n.t('{0}: the server doesn’t speak HTTPS on this port ({1}). Check the environment URL.', name, reason),
    );
  }
  if (reason.includes('CERTIFICATE_REQUIRED')) {
    return say(
      l10n.t(
        '{0}: the server wants a client certificate from you ({1}), which Scalekit Workbench can’t send. Check the URL; ask whoever runs the server or proxy.',
        name,
        reason,
      ),
    );
  }
  if (NOTHING_IN_COMMON.test(reason)) {
    return say(
      l10n.t(
        '{0}: the server and VS Code have no TLS version or cipher in common ({1}). Check the URL; whoever runs the server or proxy must update its TLS.',
        name,
        reason,
      ),
    );
  }
  switch (reason) {
    case 'CERT_HAS_EXPIRED':
      return say(
        l10n.t(
          '{0}: by this computer’s clock, the server’s TLS certificate has expired ({1}). Check the date and time; if they are right, whoever runs the server must renew it.',
          name,
          reason,
        ),
      );
    case 'CERT_NOT_YET_VALID':
      return say(
        l10n.t(
          '{0}: by this computer’s clock, the server’s TLS certificate isn’t valid yet ({1}). Check the date and time.',
          name,
          reason,
        ),
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return say(
        l10n.t(
          '{0}: the server’s TLS certificate is for another host name ({1}). Check the environment URL.',
          name,
          reason,
        ),
      );
    case 'CERT_REVOKED':
      return say(
        l10n.t(
          '{0}: the server’s TLS certificate was revoked ({1}). Whoever runs the server must replace it.',
          name,
          reason,
        ),
      );
    default:
      return say(
        l10n.t(
          '{0}: the server’s TLS certificate isn’t trusted ({1}). Check the URL. Behind a company proxy, add its certificate to the operating system.',
          name,
          reason,
        ),
      );
  }
}

/** When to try again, in words that follow “Try again”. Undefined if the server requires no wait worth mentioning. */
export function waitInWords(l10n: L10n, { retryAfterMs = 0 }: ScalekitErrorDetails): string | undefined {
  const seconds = Math.ceil(retryAfterMs / 1000);
  if (retryAfterMs < 1000) return undefined;
  if (seconds === 1) return l10n.t('in a second');
  if (seconds < 120) return l10n.t('in {0} seconds', seconds);
  if (seconds < 2 * 3_600) return l10n.t('in {0} minutes', Math.ceil(seconds / 60));
  if (seconds < 24 * 3_600) return l10n.t('in {0} hours', Math.ceil(seconds / 3_600));
  return seconds === 24 * 3_600 ? l10n.t('in a day') : l10n.t('in more than a day');
}
