import { setTimeout as wait } from 'node:timers/promises';
import {
  ConnectionProvider,
  ConnectionType,
  type Connection,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import { problemPage } from '../pages/forms';
import { claimsIn, membershipIn } from '../interceptors/decision';
import type { ResponseCheck } from '../interceptors/interceptors';
import { headerOf, type HttpRequest, type SandboxResponse } from '../protocol/response';
import { randomDigits } from '../random';
import type { LoginProgress } from '../resources/authenticationLogs';
import type { Models } from '../resources/models';
import { BoundedMap } from '../store/boundedMap';
import type { AuthorizationRequest } from './authorizationRequest';
import type { BrowserSessions } from './browserSessions';
import { passwordlessConnection } from './connectionChoice';
import type { Grant, Grants, Subject } from './grants';
import { canEnter, foundOrganization, isMember, join, noteLogin, openOrganizations, userOf } from './members';
import { isErrorOutcome, LONGEST_DELAY_MS, type Order, type OrderedOutcomes, type Outcome } from './outcomes';
import type { Person } from './person';
import { withParameters } from './redirectUris';
import { descriptionOf } from './signInErrors';
import type { SignInSettings } from './signInSettings';
import { signInSituation } from './signInSituation';

const ATTEMPT_MS = 600_000;
const MOST_ATTEMPTS = 10_000;
const MOST_CLAIMS = 10_000;

/** Where a person is in a sign-in. */
export type Step =
  | { readonly kind: 'hosted' }
  | {
      readonly kind: 'code';
      readonly email: string;
      readonly givenName: string;
      readonly familyName: string;
      readonly code: string;
      readonly expiresAt: number;
      readonly tries: number;
    }
  | { readonly kind: 'provider'; readonly connection: Connection; readonly email: string }
  | {
      readonly kind: 'organization';
      readonly userId: string;
      readonly connectionId: string;
      readonly order: Order;
      /** The session that goes on, if there is one. */
      readonly session: { readonly id: string; readonly authTime: number } | undefined;
    };

/** A sign-in that has begun. Its id is the one in the sign-in log. */
export interface Attempt {
  readonly id: string;
  readonly request: AuthorizationRequest;
  readonly expiresAt: number;
  /** Whether the hosted login page belongs to it. */
  hosted: boolean;
  step: Step;
}

export const AS_USUAL: Order = { outcome: 'success', delayMs: 0 };

/** Takes people from the app's request through the pages back to the app, and writes down each step. */
export class SignIns {
  readonly #attempts = new BoundedMap<string, Attempt>(MOST_ATTEMPTS);
  /** What interceptors add to the access tokens of a session, by its id. */
  readonly #customClaims = new BoundedMap<string, Readonly<Record<string, unknown>>>(MOST_CLAIMS);

  constructor(
    readonly models: Models,
    readonly settings: SignInSettings,
    private readonly grants: Grants,
    private readonly browsers: BrowserSessions,
    private readonly outcomes: OrderedOutcomes,
  ) {}

  /** How many sign-ins are going on. */
  get size(): number {
    return this.#attempts.size;
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.models.organizations.world.now();
  }

  begin(request: AuthorizationRequest): Attempt {
    const attempt: Attempt = {
      id: `req_${randomDigits(18)}`,
      request,
      expiresAt: this.now + ATTEMPT_MS,
      hosted: false,
      step: { kind: 'hosted' },
    };
    this.#attempts.set(attempt.id, attempt);
    this.note(attempt, {
      status: 'INITIATED',
      text: 'Sign-in initiated',
      clientId: request.client.clientId,
      email: request.loginHint ?? '',
      organizationId: request.organizationId ?? '',
    });
    return attempt;
  }

  /** A sign-in that goes on. Undefined if it ended, or took too long. */
  find(id: string): Attempt | undefined {
    const attempt = this.#attempts.get(id);
    return attempt !== undefined && attempt.expiresAt > this.now ? attempt : undefined;
  }

  /** Writes a step into the sign-in log. */
  note(attempt: Attempt, progress: LoginProgress): void {
    this.models.logs.record(attempt.id, progress);
  }

  /** Sends the person to the hosted login page. */
  toHostedPage(attempt: Attempt): SandboxResponse {
    attempt.hosted = true;
    attempt.step = { kind: 'hosted' };
    return redirect(`/login?authRequestID=${attempt.id}`);
  }

  /** Sends the person to the identity provider of a connection, with the email address that's known so far. */
  toProvider(attempt: Attempt, connection: Connection, email = attempt.request.loginHint ?? ''): SandboxResponse {
    attempt.step = { kind: 'provider', connection, email };
    this.note(attempt, {
      status: 'PENDING',
      text: `Sent to ${ConnectionProvider[connection.provider]}`,
      workflow: connection.organizationId === undefined ? 'SOCIAL' : 'SSO',
      ...connectionFields(connection),
    });
    return redirect(`/idp/login?authRequestID=${attempt.id}`);
  }

  /** Sends the person to the chooser of organizations. */
  toChooser(attempt: Attempt, step: Extract<Step, { kind: 'organization' }>): SandboxResponse {
    attempt.step = step;
    this.#attempts.set(attempt.id, attempt);
    this.note(attempt, { status: 'PENDING', text: 'Asked for an organization' });
    return redirect(`/login/organization?authRequestID=${attempt.id}`);
  }

  /** Ends a sign-in with an error at the callback. */
  fail(attempt: Attempt, error: string, description = descriptionOf(error)): SandboxResponse {
    this.#attempts.delete(attempt.id);
    this.note(attempt, { status: 'FAILED', text: `Failed: ${error}`, failure: [error, description] });
    const { redirectUri, state } = attempt.request;
    return redirect(withParameters(redirectUri, { error, error_description: description, state }));
  }

  /**
   * Ends a sign-in of a person who proved who they are, unless an organization must be chosen first.
   * @param connection the one that the person came with. Undefined for a one-time code
   * @param chosen what was ordered on the page. An order of the control endpoint goes before it
   */
  async finish(
    request: HttpRequest,
    attempt: Attempt,
    person: Person,
    connection: Connection | undefined,
    chosen: Order,
  ): Promise<SandboxResponse> {
    if (!this.#attempts.delete(attempt.id)) return expiredPage();
    const order = this.outcomes.take() ?? chosen;
    if (order.delayMs > 0) await wait(Math.min(order.delayMs, LONGEST_DELAY_MS));
    this.note(attempt, { status: 'PENDING', text: 'Identity received', email: person.email });
    if (isErrorOutcome(order.outcome)) return this.fail(attempt, order.outcome);
    const connectionId = connection?.id ?? passwordlessConnection(this.models)?.id ?? '';
    if (this.settings.mode === 'modular-sso') {
      const organizationId = connection?.organizationId;
      const sessionId = `ses_${randomDigits(17)}`;
      const subject: Subject = { mode: 'modular-sso', person, organizationId, connectionId, sessionId };
      return this.#succeed(attempt, subject, order.outcome, Math.floor(this.now / 1000));
    }
    return this.#finishForUser(request, attempt, person, connection, connectionId, order);
  }

  /**
   * Ends a sign-in of a user who may enter the organization.
   * @param session the one that goes on. Undefined begins one
   */
  async enter(
    request: HttpRequest,
    attempt: Attempt,
    userId: string,
    organizationId: string,
    connectionId: string,
    order: Order,
    session: { readonly id: string; readonly authTime: number } | undefined,
  ): Promise<SandboxResponse> {
    this.#attempts.delete(attempt.id);
    const { users, sessions, organizations } = this.models;
    const { clientId } = attempt.request.client;
    const entering = () => {
      const user = users.all.get(userId);
      return user !== undefined && canEnter(user, organizationId) ? user : undefined;
    };
    let found = entering();
    if (found === undefined) return this.fail(attempt, 'user_not_active');
    let claims = session === undefined ? undefined : this.#customClaims.get(session.id);
    if (session === undefined) {
      const { email } = found;
      const { connections } = this.models;
      const decision = await organizations.world.interceptors.ask('PRE_SESSION_CREATION', () =>
        signInSituation({
          request,
          email,
          userId,
          organizationId,
          connection: connections.ofEnvironment.get(connectionId) ?? connections.ofOrganizations.get(connectionId),
          authorization: undefined,
        }),
      );
      if (decision?.decision === 'DENY') return this.#deny(attempt, decision.message);
      if (decision !== undefined) claims = claimsIn(decision.response);
      // Much may have changed while the interceptor decided.
      found = entering();
      if (found === undefined) return this.fail(attempt, 'user_not_active');
    }
    const authTime = session?.authTime ?? Math.floor(this.now / 1000);
    let sessionId = session?.id;
    let cookie: string | undefined;
    if (sessionId === undefined) {
      const user = noteLogin(found, organizationId, this.models);
      const userAgent = (headerOf(request, 'user-agent') ?? '').slice(0, 300);
      ({ sessionId } = sessions.start({ user, organizationId, clientId, userAgent }));
      cookie = this.browsers.signIn(request, { sessionId, connectionId, authTime });
      if (claims !== undefined) this.#customClaims.set(sessionId, claims);
    } else sessions.touch(sessionId, clientId, organizationId);
    this.note(attempt, { status: 'PENDING', text: 'Organization chosen', organizationId, email: found.email });
    const subject: Subject = {
      mode: 'full-stack',
      userId,
      organizationId,
      connectionId,
      sessionId,
      customClaims: claims,
    };
    return this.#succeed(attempt, subject, order.outcome, authTime, cookie);
  }

  async #finishForUser(
    request: HttpRequest,
    attempt: Attempt,
    person: Person,
    connection: Connection | undefined,
    connectionId: string,
    order: Order,
  ): Promise<SandboxResponse> {
    const { models } = this;
    const home = connection?.organizationId;
    const wanted = home ?? attempt.request.organizationId;
    const known = models.users.findByEmail(person.email);
    if (wanted !== undefined && wanted !== home && (known === undefined || !isMember(known, wanted)))
      return this.fail(attempt, 'access_denied', "The user isn't a member of the organization");
    const asked =
      known !== undefined
        ? undefined
        : await models.organizations.world.interceptors.ask(
            'PRE_SIGNUP',
            () =>
              signInSituation({
                request,
                email: person.email,
                userId: undefined,
                organizationId: wanted,
                connection,
                authorization: attempt.request,
              }),
            this.#membershipProblem,
          );
    if (asked?.decision === 'DENY') return this.#deny(attempt, asked.message);
    // While the interceptor decided, the organization may have been deleted.
    if (wanted !== undefined && models.organizations.all.get(wanted) === undefined)
      return this.fail(attempt, 'access_denied');
    const created = userOf(person, models);
    const { isNew } = created;
    let { user } = created;
    if (isNew) this.note(attempt, { status: 'PENDING', text: 'User created' });
    const granted = asked === undefined ? undefined : this.#granted(asked.response);
    if (granted !== undefined && !isMember(user, granted.organizationId))
      user = join(user, granted.organizationId, granted.roles, models);
    const entered = wanted ?? (isNew ? granted?.organizationId : undefined);
    if (entered !== undefined) {
      if (!isMember(user, entered)) user = join(user, entered, [models.roles.defaultMemberOf(entered)], models);
      if (isNew) models.users.tell('signup', user, entered);
      return this.enter(request, attempt, user.id, entered, connectionId, order, undefined);
    }
    const open = openOrganizations(user, models);
    if (open.length > 1 || (open.length === 1 && attempt.request.prompts.includes('select_account'))) {
      return this.toChooser(attempt, {
        kind: 'organization',
        userId: user.id,
        connectionId,
        order,
        session: undefined,
      });
    }
    let organizationId = open[0]?.id;
    if (organizationId === undefined) {
      if (user.memberships.length > 0) return this.fail(attempt, 'user_not_active');
      organizationId = foundOrganization(person, models).id;
      user = join(user, organizationId, [models.roles.defaultCreator], models);
      this.note(attempt, { status: 'PENDING', text: 'Organization created' });
      if (isNew) models.users.tell('signup', user, organizationId);
    }
    return this.enter(request, attempt, user.id, organizationId, connectionId, order, undefined);
  }

  /** Ends a sign-in with the message of an interceptor. The app's callback isn't called (docs/scalekit-api.md, 5.5). */
  #deny(attempt: Attempt, message: string): Promise<SandboxResponse> {
    this.#attempts.delete(attempt.id);
    this.note(attempt, { status: 'FAILED', text: 'Denied by an interceptor', failure: ['access_denied', message] });
    return problemPage(403, 'Sign-in denied', message);
  }

  /** The membership that an interceptor gives to a new user. Undefined if there is none, or if it can't be given. */
  #granted(
    response: Readonly<Record<string, unknown>>,
  ): { readonly organizationId: string; readonly roles: readonly string[] } | undefined {
    const wanted = membershipIn(response);
    if (wanted === undefined) return undefined;
    const { organizations, roles } = this.models;
    const organization =
      (wanted.organizationId === undefined ? undefined : organizations.all.get(wanted.organizationId)) ??
      (wanted.externalOrganizationId === undefined
        ? undefined
        : organizations.findByExternalId(wanted.externalOrganizationId));
    if (organization === undefined || wanted.roles.some((name) => roles.find(name, organization.id) === undefined))
      return undefined;
    return {
      organizationId: organization.id,
      roles: wanted.roles.length > 0 ? wanted.roles : [roles.defaultMemberOf(organization.id)],
    };
  }

  readonly #membershipProblem: ResponseCheck = (response) =>
    response['create_organization_membership'] === undefined || this.#granted(response) !== undefined
      ? undefined
      : 'response.create_organization_membership names an organization or a role that doesn’t exist.';

  #succeed(attempt: Attempt, subject: Subject, outcome: Outcome, authTime: number, cookie?: string): SandboxResponse {
    const { client, redirectUri, scopes, nonce, codeChallenge, maxAge, state } = attempt.request;
    const grant: Grant = {
      clientId: client.clientId,
      redirectUri,
      scopes,
      nonce: outcome === 'wrong_nonce' ? 'another-nonce' : nonce,
      codeChallenge,
      resourceId: client.resourceId,
      subject,
      authTime,
      wantsAuthTime: maxAge !== undefined,
    };
    const dead = outcome === 'expired_code' || outcome === 'used_code';
    const code = dead ? this.grants.deadCode() : this.grants.newCode(grant);
    this.note(attempt, { status: 'SUCCESS', text: 'Signed in', organizationId: subject.organizationId ?? '' });
    const returned =
      outcome === 'wrong_state' ? `${state ?? ''}-another` : outcome === 'missing_state' ? undefined : state;
    return redirect(withParameters(redirectUri, { code, state: returned }), cookie);
  }
}

/** How the sign-in log names a connection. */
export function connectionFields(connection: Connection): Partial<LoginProgress> {
  return {
    connectionId: connection.id,
    connectionType: ConnectionType[connection.type] as string,
    connectionProvider: ConnectionProvider[connection.provider] as string,
    ...(connection.organizationId === undefined ? {} : { organizationId: connection.organizationId }),
  };
}

/** Sends the browser on. After a form, it asks for the next page with GET. */
export function redirect(location: string, cookie?: string): SandboxResponse {
  return {
    status: 302,
    headers: {
      location,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    },
    body: '',
  };
}

/** The page for a sign-in that ended, or took too long. */
export function expiredPage(): Promise<SandboxResponse> {
  return problemPage(400, 'Sign-in ended', 'This sign-in is complete or has expired. Start again in your app.');
}
