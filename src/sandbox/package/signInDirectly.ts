import type { HttpRequest } from '../protocol/response';
import type { Sandbox } from '../sandboxServer';
import { chooseConnection } from '../signIn/connectionChoice';
import { openOrganizations } from '../signIn/members';
import { AS_USUAL } from '../signIn/signIns';
import type { AuthorizationRequest } from '../signIn/authorizationRequest';
import type { SignedIn, SignInOptions } from './api';

const CALLBACK = 'http://localhost/callback';
const SCOPES = ['openid', 'profile', 'email', 'offline_access'];

/**
 * Signs a user in as a browser would, up to the exchange of the code. It goes past the listener, so it isn't among the received requests,
 * and faults don't happen to it.
 * @throws Error with a sentence
 */
export async function signInDirectly(
  { url, clientId, clientSecret, parts, signIn: settings }: Sandbox,
  who: string,
  { organizationId, scopes = SCOPES, nonce }: SignInOptions = {},
): Promise<SignedIn> {
  const { models, signIn } = parts;
  const { users, organizations, connections } = models;
  const user = users.all.get(who) ?? users.findByEmail(who);
  if (user === undefined) throw new Error(`There is no user ${who}.`);
  if (organizationId !== undefined && organizations.all.get(organizationId) === undefined)
    throw new Error(`There is no organization ${organizationId}.`);
  const open = openOrganizations(user, models);
  if (organizationId === undefined && open.length > 1)
    throw new Error(`${who} belongs to ${open.length} organizations. Say which one with organizationId.`);
  const client = organizations.world.clients.find(clientId);
  if (client === undefined) throw new Error('The client of the environment was deleted.');
  const request: HttpRequest = {
    method: 'GET',
    path: '/oauth/authorize',
    query: new URLSearchParams(),
    headers: { host: new URL(url).host, 'user-agent': 'scalekit-sandbox' },
    body: '',
    isLocal: true,
  };
  const entered = organizationId ?? open[0]?.id;
  const authorization: AuthorizationRequest = {
    client,
    redirectUri: CALLBACK,
    state: undefined,
    scopes,
    nonce,
    loginHint: user.email,
    domain: undefined,
    connectionId: undefined,
    organizationId: entered,
    provider: undefined,
    prompts: [],
    codeChallenge: undefined,
    maxAge: undefined,
  };
  const choice = chooseConnection(authorization, settings.mode, models);
  const connection = choice.kind === 'connection' ? connections.get(choice.connection.id) : undefined;
  if (settings.mode === 'modular-sso' && connection === undefined)
    throw new Error(`${who} has no active connection to sign in with.`);
  const { givenName = '', familyName = '' } = user.userProfile ?? {};
  const attempt = signIn.signIns.begin(authorization);
  const person = { email: user.email, givenName, familyName, attributes: {} };
  const response = await signIn.signIns.finish(request, attempt, person, connection, AS_USUAL);
  const callback = response.headers['location'];
  if (callback?.startsWith(`${CALLBACK}?`) !== true) throw new Error(`An interceptor denied the sign-in of ${who}.`);
  const result = new URL(callback).searchParams;
  if (result.has('error'))
    throw new Error(`${who} can't sign in: ${result.get('error')} (${result.get('error_description')}).`);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: result.get('code') ?? '',
    redirect_uri: CALLBACK,
    client_id: clientId,
    client_secret: clientSecret,
  });
  const { status, body } = await signIn.exchange.exchange(
    { ...request, method: 'POST', path: '/oauth/token' },
    form,
    'authorization_code',
  );
  const tokens = JSON.parse(body) as Record<string, string | number | undefined>;
  if (status !== 200)
    throw new Error(`The code couldn't be exchanged: ${tokens['error']} ${tokens['error_description'] ?? ''}`.trim());
  return {
    accessToken: String(tokens['access_token']),
    idToken: tokens['id_token'] as string | undefined,
    refreshToken: tokens['refresh_token'] as string | undefined,
    expiresIn: Number(tokens['expires_in']),
  };
}
