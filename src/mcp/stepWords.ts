import * as vscode from 'vscode';
import { localDayAndTime } from '../ui/localTime';
import { failureWords, statusWords, type StepWords } from './responseWords';
import type { Step, StepName, StepOutcome } from './step';
import { shownValue } from './shownValue';

export function stepTitle(name: StepName): string {
  switch (name) {
    case 'unauthorized':
      return vscode.l10n.t('Request without a token');
    case 'challenge':
      return vscode.l10n.t('WWW-Authenticate');
    case 'metadataLink':
      return vscode.l10n.t('Link to the metadata (resource_metadata)');
    case 'linkedMetadata':
      return vscode.l10n.t('Metadata at that link');
    case 'metadataAtPath':
      return vscode.l10n.t('Metadata at the server’s path');
    case 'metadataAtRoot':
      return vscode.l10n.t('Metadata at the root');
    case 'resource':
      return vscode.l10n.t('resource');
    case 'authorizationServers':
      return vscode.l10n.t('authorization_servers');
    case 'serverMetadataAtRoot':
      return vscode.l10n.t('Authorization server’s metadata where clients ask first (RFC 8414)');
    case 'serverMetadataAtPath':
      return vscode.l10n.t('Authorization server’s metadata below its own path');
    case 'issuer':
      return vscode.l10n.t('issuer');
    case 'pkce':
      return vscode.l10n.t('PKCE');
    case 'endpoints':
      return vscode.l10n.t('Authorization and token endpoints');
    case 'registration':
      return vscode.l10n.t('Registration of clients');
    case 'scopes':
      return vscode.l10n.t('Scopes');
    case 'keys':
      return vscode.l10n.t('Keys');
    case 'form':
      return vscode.l10n.t('Form');
    case 'signature':
      return vscode.l10n.t('Signature');
    case 'iss':
      return vscode.l10n.t('Issuer (iss)');
    case 'aud':
      return vscode.l10n.t('Audience (aud)');
    case 'exp':
      return vscode.l10n.t('Expiry (exp)');
    case 'nbf':
      return vscode.l10n.t('Start (nbf)');
    case 'tokenScopes':
      return vscode.l10n.t('Scopes of the token');
    case 'call':
      return vscode.l10n.t('Request with the token');
  }
}

export function outcomeWords(outcome: StepOutcome): string {
  switch (outcome) {
    case 'passed':
      return vscode.l10n.t('passed');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'notSent':
      return vscode.l10n.t('not sent');
    case 'notRead':
      return vscode.l10n.t('could not be read');
    case 'noticed':
      return vscode.l10n.t('not required');
  }
}

export function stepWords(step: Step): StepWords {
  const { name, reason, status, value } = step;
  if (reason === 'earlierStep') return { came: vscode.l10n.t('An earlier step has nothing to read this from.') };
  const failure = failureWords(reason);
  if (failure !== undefined && name !== 'endpoints' && name !== 'registration' && name !== 'metadataLink')
    return failure;
  switch (name) {
    case 'unauthorized':
      return unauthorizedWords(step);
    case 'challenge':
      return challengeWords(step);
    case 'metadataLink':
      return linkWords(step);
    case 'linkedMetadata':
    case 'metadataAtPath':
    case 'metadataAtRoot':
      return resourceMetadataWords(step);
    case 'resource':
      return resourceWords(step);
    case 'authorizationServers':
      return authorizationServerWords(step);
    case 'serverMetadataAtRoot':
    case 'serverMetadataAtPath':
      return serverMetadataWords(step);
    case 'issuer':
      return issuerWords(step);
    case 'pkce':
      if (reason === 'ok') return { came: shownValue(value) };
      return {
        came: reason === 'missing' ? noField('code_challenge_methods_supported') : shownValue(value),
        expected: vscode.l10n.t('code_challenge_methods_supported has S256: MCP clients refuse to go on without it.'),
        change: vscode.l10n.t('Use an authorization server that supports PKCE with S256, as Scalekit does.'),
      };
    case 'endpoints':
      if (reason === 'ok') return { came: shownValue(value) };
      return {
        came:
          reason === 'missing'
            ? vscode.l10n.t('Missing: {0}.', shownValue(value))
            : vscode.l10n.t('Not an https URL: {0}.', shownValue(value)),
        expected: vscode.l10n.t('Two https URLs, to which clients send the person and the code.'),
        change: vscode.l10n.t('Correct the authorization server’s metadata.'),
      };
    case 'registration':
      return registrationWords(step);
    case 'scopes':
      return scopesWords(step);
    case 'keys':
      if (reason === 'ok') return { came: vscode.l10n.t('Keys for RS256: {0}.', Number(value)) };
      if (reason === 'missing')
        return {
          came: noField('jwks_uri'),
          expected: vscode.l10n.t('The address of the keys that tokens are signed with.'),
          change: vscode.l10n.t('Correct the authorization server’s metadata.'),
        };
      if (reason === 'noneOfThese')
        return {
          came: vscode.l10n.t('There’s no key for RS256.'),
          expected: vscode.l10n.t('At least one RSA key: Scalekit signs with RS256.'),
          change: vscode.l10n.t('Check which authorization server the MCP server names.'),
        };
      return {
        ...statusWords(step),
        expected: vscode.l10n.t('A JSON Web Key Set. With Scalekit it’s only at the environment’s /keys.'),
        change: vscode.l10n.t('Check which authorization server the MCP server names.'),
      };
    case 'form':
      return {
        came: shownValue(value),
        expected: vscode.l10n.t('A JWT: header, claims and signature.'),
        change: vscode.l10n.t('Copy the whole access token again.'),
      };
    case 'signature':
      return signatureWords(step);
    case 'iss':
      return tokenIssuerWords(step);
    case 'aud':
      return audienceWords(step);
    case 'exp':
      return expiryWords(step);
    case 'nbf':
      if (reason === 'missing') return { came: vscode.l10n.t('The token is valid at once.') };
      if (reason === 'ok') return { came: vscode.l10n.t('Valid since {0}.', moment(value)) };
      return {
        came: reason === 'future' ? vscode.l10n.t('Not valid before {0}.', moment(value)) : shownValue(value),
        expected: vscode.l10n.t('A time that has passed, in seconds since 1970.'),
        change: vscode.l10n.t('Check the clocks of this computer and of the authorization server.'),
      };
    case 'tokenScopes':
      return tokenScopeWords(step);
    case 'call':
      return callWords(step, status);
  }
}

function unauthorizedWords(step: Step): StepWords {
  const expected = vscode.l10n.t('401, which tells a client to get a token.');
  if (step.reason === 'ok') return { came: vscode.l10n.t('HTTP 401.') };
  const change = ((): string => {
    switch (step.reason) {
      case 'open':
        return vscode.l10n.t(
          'Put the check of the token before every request to the server’s path: now anyone can call it.',
        );
      case 'html':
        return vscode.l10n.t('This is a web page, not an MCP server. Check the URL and its path.');
      case 'redirect':
        return vscode.l10n.t('Give clients the final address. A redirect may cost them the request or the token.');
      case 'forbidden':
        return vscode.l10n.t(
          'Return 401 without a token, and 403 only for a token that lacks a scope. A client doesn’t sign in after a 403.',
        );
      default:
        return step.status === 404
          ? vscode.l10n.t('Check the path of the URL: many servers listen at /mcp.')
          : vscode.l10n.t('Return 401 for a request without a token, whatever else is wrong with it.');
    }
  })();
  return { ...statusWords(step), expected, change };
}

function challengeWords({ reason, value }: Step): StepWords {
  if (reason === 'ok') return { came: shownValue(value) };
  return {
    came: reason === 'missing' ? vscode.l10n.t('The 401 has no such header.') : shownValue(value),
    expected: vscode.l10n.t('Bearer, with resource_metadata="…": it leads clients to the authorization server.'),
    change: vscode.l10n.t('Add the header to every 401 of the server.'),
  };
}

function linkWords({ reason, value, expected }: Step): StepWords {
  if (reason === 'ok') return { came: shownValue(value) };
  if (reason === 'otherAddress')
    return {
      came: shownValue(value),
      expected: vscode.l10n.t('Usually an address of the server itself, such as {0}.', shownValue(expected)),
    };
  return {
    came:
      reason === 'missing'
        ? vscode.l10n.t('The header has no resource_metadata.')
        : vscode.l10n.t('Not a URL: {0}', shownValue(value)),
    expected: shownValue(expected),
    change: vscode.l10n.t('Add resource_metadata with the full URL of the metadata document.'),
  };
}

function resourceMetadataWords(step: Step): StepWords {
  if (step.reason === 'ok') return { came: vscode.l10n.t('A JSON object.') };
  if (step.outcome === 'notSent')
    return { came: vscode.l10n.t('HTTP {0}. It’s at the other address, which is enough.', step.status ?? 0) };
  return {
    ...statusWords(step),
    expected: vscode.l10n.t('200 with JSON, without a token.'),
    change:
      step.status === 401 || step.status === 403
        ? vscode.l10n.t('Leave /.well-known/ out of the check of the token: clients read it before they have one.')
        : step.reason === 'redirect'
          ? vscode.l10n.t('Serve the document at this address itself.')
          : step.name === 'linkedMetadata'
            ? vscode.l10n.t('Correct resource_metadata in the header, or serve the document there.')
            : vscode.l10n.t(
                'Serve the metadata document here. Scalekit’s dashboard shows its content for your MCP server.',
              ),
  };
}

function resourceWords({ reason, value, expected }: Step): StepWords {
  if (reason === 'ok') return { came: shownValue(value) };
  const came = reason === 'missing' ? noField('resource') : shownValue(value);
  const change = ((): string => {
    switch (reason) {
      case 'trailingSlash':
        return vscode.l10n.t(
          'The two differ only in the slash at the end. Use one form in Scalekit’s Server URL, in this document and in the client. FastMCP adds a slash.',
        );
      case 'otherPath':
        return vscode.l10n.t(
          'The path differs. Register the whole URL that clients use as the Server URL in Scalekit, and name it here.',
        );
      default:
        return vscode.l10n.t(
          'Name the URL that clients are given. Behind a proxy, take it from your settings, not from the request.',
        );
    }
  })();
  return { came, expected: shownValue(expected), change };
}

function authorizationServerWords({ reason, value }: Step): StepWords {
  const expected = vscode.l10n.t('A list whose first entry is {0}.', '{environment}/resources/res_…');
  if (reason === 'ok') return { came: shownValue(value) };
  if (reason === 'notScalekit')
    return { came: vscode.l10n.t('{0}. This isn’t the address of a Scalekit resource.', shownValue(value)), expected };
  return {
    came: reason === 'missing' ? noField('authorization_servers') : shownValue(value),
    expected,
    change:
      reason === 'bareEnvironment'
        ? vscode.l10n.t('This is the environment by itself. Add /resources/ and the ID of your MCP server (res_…).')
        : vscode.l10n.t('Copy the value from your MCP server’s page in Scalekit’s dashboard.'),
  };
}

function serverMetadataWords(step: Step): StepWords {
  if (step.reason === 'ok') return { came: vscode.l10n.t('A JSON object.') };
  if (step.outcome === 'noticed')
    return {
      came: vscode.l10n.t(
        'HTTP {0}. The official TypeScript SDK asks only here. The document is at the other address.',
        step.status ?? 0,
      ),
    };
  if (step.outcome === 'notSent')
    return { came: vscode.l10n.t('HTTP {0}. It’s at the other address, which is enough.', step.status ?? 0) };
  return {
    ...statusWords(step),
    expected: vscode.l10n.t('200 with JSON.'),
    change: vscode.l10n.t('Check authorization_servers: the environment and the ID of the resource (res_…).'),
  };
}

function issuerWords({ reason, value, expected }: Step): StepWords {
  if (reason === 'resourceIssuer') return { came: vscode.l10n.t('{0}, the resource.', shownValue(value)) };
  if (reason === 'environmentIssuer') return { came: vscode.l10n.t('{0}, the environment.', shownValue(value)) };
  return {
    came:
      reason === 'missing'
        ? noField('issuer')
        : reason === 'disagree'
          ? vscode.l10n.t('The two documents disagree: {0}', shownValue(value))
          : shownValue(value),
    expected:
      reason === 'disagree'
        ? vscode.l10n.t('The same in both.')
        : vscode.l10n.t('{0}, or its environment. Clients refuse another issuer.', shownValue(expected)),
    change:
      reason === 'trailingSlash'
        ? vscode.l10n.t(
            'The two differ only in the slash at the end. Name the issuer in authorization_servers as it names itself.',
          )
        : vscode.l10n.t('Name the issuer in authorization_servers as it names itself.'),
  };
}

function registrationWords({ reason, value }: Step): StepWords {
  if (reason === 'ok') return { came: vscode.l10n.t('{0}, which wasn’t called.', shownValue(value)) };
  if (reason === 'clientMetadata')
    return { came: vscode.l10n.t('By client ID metadata documents (CIMD), without a registration endpoint.') };
  if (reason === 'missing')
    return {
      came: vscode.l10n.t('Neither a registration_endpoint nor client ID metadata documents.'),
      expected: vscode.l10n.t(
        'One of them, unless every client gets its ID by hand. They’re switched on for the MCP server in Scalekit’s dashboard. Restart the client afterwards.',
      ),
    };
  return {
    came: vscode.l10n.t('Not an https URL: {0}', shownValue(value)),
    expected: vscode.l10n.t('An https URL.'),
    change: vscode.l10n.t('Correct the authorization server’s metadata.'),
  };
}

function scopesWords({ reason, outcome, value }: Step): StepWords {
  if (reason === 'ok') return { came: shownValue(value) };
  if (outcome === 'notSent') return { came: noField('scopes_supported') };
  if (outcome === 'notRead')
    return { came: vscode.l10n.t('{0}. The authorization server doesn’t say which ones it knows.', shownValue(value)) };
  return {
    came: vscode.l10n.t('The authorization server doesn’t know these: {0}', shownValue(value)),
    expected: vscode.l10n.t('Each scope of the MCP server is also one of its resource in Scalekit.'),
    change: vscode.l10n.t('Add the scopes to the resource in Scalekit, or take them out of scopes_supported.'),
  };
}

function signatureWords({ reason, value }: Step): StepWords {
  if (reason === 'ok')
    return { came: vscode.l10n.t('Signed with the authorization server’s key {0}.', shownValue(value)) };
  if (reason === 'algorithm')
    return {
      came: shownValue(value),
      expected: vscode.l10n.t('RS256, and no extension of the header.'),
      change: vscode.l10n.t('Get a token from Scalekit, and let the server accept nothing but RS256.'),
    };
  return {
    came:
      reason === 'unknownKey'
        ? vscode.l10n.t('The authorization server has no key {0}.', shownValue(value))
        : vscode.l10n.t('It doesn’t match the authorization server’s key.'),
    expected: vscode.l10n.t('Signed with a key that the authorization server publishes.'),
    change: vscode.l10n.t('Get a new token from the environment that the MCP server names.'),
  };
}

function tokenIssuerWords(step: Step): StepWords {
  const { reason, value, expected } = step;
  if (reason === 'resourceIssuer' || reason === 'environmentIssuer') return issuerWords(step);
  return {
    came: reason === 'missing' ? vscode.l10n.t('The token has none.') : shownValue(value),
    expected: vscode.l10n.t('{0}, or its resource.', shownValue(expected)),
    change: vscode.l10n.t(
      'Get the token from the environment that the MCP server names. Let the server accept both issuers.',
    ),
  };
}

function audienceWords({ reason, value, expected }: Step): StepWords {
  if (reason === 'ok') return { came: shownValue(value) };
  return {
    came: reason === 'missing' ? vscode.l10n.t('The token has none.') : shownValue(value),
    expected: vscode.l10n.t('One of {0}.', shownValue(expected)),
    change:
      reason === 'trailingSlash'
        ? vscode.l10n.t('It differs only in the slash at the end. Correct the Server URL in Scalekit.')
        : vscode.l10n.t(
            'This token is for another server. Get one for this resource, and make sure that the server refuses all others.',
          ),
  };
}

function expiryWords({ reason, value }: Step): StepWords {
  if (reason === 'ok') return { came: vscode.l10n.t('Valid until {0}.', moment(value)) };
  return {
    came:
      reason === 'expired'
        ? vscode.l10n.t('Expired {0}.', moment(value))
        : reason === 'missing'
          ? vscode.l10n.t('The token has none.')
          : shownValue(value),
    expected: vscode.l10n.t('A time in the future, in seconds since 1970.'),
    change: vscode.l10n.t(
      'Get a new token. A client refreshes it by itself only if it asked for the scope offline_access.',
    ),
  };
}

function tokenScopeWords({ reason, outcome, value, expected }: Step): StepWords {
  const came = value === '' ? vscode.l10n.t('None.') : shownValue(value);
  if (reason === 'ok') return { came };
  if (outcome === 'notSent') return { came: vscode.l10n.t('The token has none, and the server names none.') };
  if (outcome === 'noticed')
    return {
      came: vscode.l10n.t('{0}. The server also has: {1}', came, shownValue(expected)),
      expected: vscode.l10n.t('Calls that need them get 403 with insufficient_scope.'),
    };
  return {
    came,
    expected: shownValue(expected),
    change: vscode.l10n.t('Let the client ask for these scopes, and check that the resource in Scalekit has them.'),
  };
}

function callWords(step: Step, status = 0): StepWords {
  const { reason, outcome, value } = step;
  if (reason === 'ok') return { came: vscode.l10n.t('HTTP {0}: the server accepts the token.', status) };
  if (outcome === 'noticed')
    return {
      came: vscode.l10n.t('HTTP {0}. The server refused the request, which isn’t about the token.', status),
    };
  const said = value === undefined || reason === 'redirect' ? '' : ` ${shownValue(value)}`;
  return {
    came: `${statusWords(step).came}${said}`,
    expected: vscode.l10n.t('A response other than 401 and 403.'),
    change:
      reason === 'insufficientScope'
        ? vscode.l10n.t('The token lacks a scope that the server needs. Let the client ask for it.')
        : status === 401
          ? vscode.l10n.t(
              'If the steps above passed, the server’s own check differs: compare its expected issuer and audience with the token’s.',
            )
          : status === 403
            ? vscode.l10n.t(
                'Name the missing scope: 403 with WWW-Authenticate: Bearer error="insufficient_scope", scope="…".',
              )
            : vscode.l10n.t('Look into the server’s log.'),
  };
}

function noField(name: string): string {
  return vscode.l10n.t('There’s no {0}.', name);
}

function moment(seconds: unknown): string {
  const time = typeof seconds === 'number' ? seconds * 1000 : NaN;
  return Math.abs(time) <= 8.64e15 ? localDayAndTime(time, { seconds: true }) : shownValue(seconds);
}
