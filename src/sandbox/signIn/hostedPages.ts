import { html } from 'hono/html';
import { wrongMethod } from '../oauth/oauthError';
import { postForm, readPost, type FormTokens } from '../pages/forms';
import { refuseForeignHost } from '../pages/loopback';
import { formTarget, page, type Markup } from '../pages/page';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import { randomDigits } from '../random';
import { connectionFields, expiredPage, AS_USUAL, redirect, type Attempt, type SignIns, type Step } from './signIns';
import { connectionOfEmail, passwordlessConnection, signInConnection, socialConnections } from './connectionChoice';
import { openOrganizations } from './members';
import { orderIn, outcomeFields } from './outcomeFields';
import { isEmail, isTestAddress } from './person';

const TEST_CODE = '424242';
const CODE_LIVES_MS = 300_000;
const MOST_TRIES = 5;
const PATHS = ['/login', '/login/code', '/login/organization'];

/** The hosted login page of full-stack auth: email, one-time code, organization. */
export class HostedPages implements HttpSite {
  constructor(
    private readonly signIns: SignIns,
    private readonly tokens: FormTokens,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const { path, method } = request;
    if (!PATHS.includes(path)) return undefined;
    if (method !== 'GET' && method !== 'POST') return wrongMethod();
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const attempt = this.signIns.find(request.query.get('authRequestID') ?? '');
    if (attempt === undefined) return expiredPage();
    const { step } = attempt;
    const fits =
      path === '/login'
        ? attempt.hosted && step.kind !== 'organization'
        : step.kind === (path === '/login/code' ? 'code' : 'organization');
    if (!fits) return expiredPage();
    if (method === 'GET') return this.#page(attempt, path);
    const post = await readPost(request, this.tokens, actionOf(path, attempt));
    if ('refusal' in post) return post.refusal;
    if (path === '/login') return this.#identify(attempt, post.fields);
    if (step.kind === 'code') return this.#checkCode(request, attempt, step, post.fields);
    if (step.kind === 'organization') return this.#enter(request, attempt, step, post.fields);
    return expiredPage();
  }

  #page(attempt: Attempt, path: string): Promise<SandboxResponse> {
    const { step } = attempt;
    if (path === '/login') return this.#emailPage(attempt, attempt.request.loginHint ?? '', undefined);
    if (step.kind === 'code') return this.#codePage(attempt, step, undefined, 200);
    if (step.kind === 'organization') return this.#organizationPage(attempt, step);
    return expiredPage();
  }

  #emailPage(attempt: Attempt, email: string, problem: string | undefined): Promise<SandboxResponse> {
    const creates = attempt.request.prompts.includes('create');
    return this.#show(
      attempt,
      '/login',
      creates ? 'Sign up' : 'Sign in',
      html`${problemText(problem)}
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="email" value="${email}"${invalidIf(problem)}>
${
  creates
    ? html`<div class="pair"><div><label for="given_name">First name</label>
<input id="given_name" name="given_name" autocomplete="given-name"></div>
<div><label for="family_name">Last name</label>
<input id="family_name" name="family_name" autocomplete="family-name"></div></div>`
    : ''
}
<button name="action" value="continue">Continue</button>
${socialConnections(this.signIns.models).map(
  ({ id, uiButtonTitle, keyId }) =>
    html`<button name="action" value="${id}">${uiButtonTitle || `Continue with ${keyId ?? id}`}</button>`,
)}`,
      problem === undefined ? 200 : 400,
    );
  }

  #codePage(
    attempt: Attempt,
    step: Extract<Step, { kind: 'code' }>,
    problem: string | undefined,
    status: number,
  ): Promise<SandboxResponse> {
    return this.#show(
      attempt,
      '/login/code',
      'Enter the code',
      html`${problemText(problem)}
<p>${
        isTestAddress(step.email)
          ? html`${step.email} is a test user. No email is sent.`
          : html`The sandbox sends no email. The code for ${step.email} is <code id="sent-code">${step.code}</code>.`
      }</p>
<label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6"${invalidIf(problem)}>
<details><summary>Choose another outcome</summary>
${outcomeFields(AS_USUAL)}
</details>
<button name="action" value="verify">Verify</button>
<button name="action" value="resend">Send a new code</button>`,
      status,
    );
  }

  #organizationPage(attempt: Attempt, step: Extract<Step, { kind: 'organization' }>): Promise<SandboxResponse> {
    const { models } = this.signIns;
    const user = models.users.all.get(step.userId);
    const open = user === undefined ? [] : openOrganizations(user, models);
    return this.#show(
      attempt,
      '/login/organization',
      'Choose an organization',
      html`<fieldset><legend>Organizations of ${user?.email ?? 'the user'}</legend>
${open.map(
  ({ id, displayName }, index) =>
    html`<div><input type="radio" id="${id}" name="organization_id" value="${id}"${index === 0 ? html` checked` : ''}>
<label for="${id}">${displayName}</label></div>`,
)}
</fieldset>
<button>Continue</button>`,
    );
  }

  #identify(attempt: Attempt, fields: URLSearchParams): Promise<SandboxResponse> | SandboxResponse {
    const { models } = this.signIns;
    const action = fields.get('action') ?? 'continue';
    if (action !== 'continue') {
      const connection = signInConnection(action, models);
      if (connection === undefined || !socialConnections(models).some(({ id }) => id === connection.id))
        return this.#emailPage(attempt, '', 'This way to sign in isn’t available.');
      return this.signIns.toProvider(attempt, connection);
    }
    const email = (fields.get('email') ?? '').trim();
    if (!isEmail(email)) return this.#emailPage(attempt, email, 'Enter an email address.');
    const connection = connectionOfEmail(email, models);
    if (connection !== undefined && attempt.request.organizationId === undefined) {
      this.signIns.note(attempt, { status: 'PENDING', text: 'Email entered', email });
      return this.signIns.toProvider(attempt, connection, email);
    }
    const name = (field: string) => (fields.get(field) ?? '').trim().slice(0, 200);
    this.#sendCode(attempt, { email, givenName: name('given_name'), familyName: name('family_name') });
    return redirect(actionOf('/login/code', attempt));
  }

  #sendCode(
    attempt: Attempt,
    person: Pick<Extract<Step, { kind: 'code' }>, 'email' | 'givenName' | 'familyName'>,
  ): void {
    const test = isTestAddress(person.email);
    const connection = passwordlessConnection(this.signIns.models);
    attempt.step = {
      kind: 'code',
      ...person,
      code: test ? TEST_CODE : randomDigits(6),
      expiresAt: this.signIns.now + CODE_LIVES_MS,
      tries: 0,
    };
    this.signIns.note(attempt, {
      status: 'PENDING',
      text: test ? 'Verification email suppressed (test user)' : 'Verification email sent',
      email: person.email,
      workflow: 'PASSWORDLESS',
      ...(connection === undefined ? {} : connectionFields(connection)),
    });
  }

  #checkCode(
    request: HttpRequest,
    attempt: Attempt,
    step: Extract<Step, { kind: 'code' }>,
    fields: URLSearchParams,
  ): Promise<SandboxResponse> | SandboxResponse {
    const { email, givenName, familyName } = step;
    if (fields.get('action') === 'resend') {
      this.#sendCode(attempt, step);
      return redirect(actionOf('/login/code', attempt));
    }
    const order = orderIn(fields);
    if (order === undefined) return this.#codePage(attempt, step, 'There is no such outcome.', 400);
    if (step.tries >= MOST_TRIES) return this.#codePage(attempt, step, 'Too many tries. Send a new code.', 429);
    const isRight = (fields.get('code') ?? '').trim() === step.code && step.expiresAt > this.signIns.now;
    if (!isRight) {
      const tried = { ...step, tries: step.tries + 1 };
      attempt.step = tried;
      this.signIns.note(attempt, { status: 'PENDING', text: 'OTP verification failed' });
      return this.#codePage(attempt, tried, 'This code is wrong or has expired.', 400);
    }
    const suffix = isTestAddress(email) ? ' (test user)' : '';
    this.signIns.note(attempt, { status: 'PENDING', text: `OTP verification successful${suffix}` });
    const person = { email, givenName, familyName, attributes: {} };
    return this.signIns.finish(request, attempt, person, undefined, order);
  }

  #enter(
    request: HttpRequest,
    attempt: Attempt,
    step: Extract<Step, { kind: 'organization' }>,
    fields: URLSearchParams,
  ): Promise<SandboxResponse> | SandboxResponse {
    const { models } = this.signIns;
    const user = models.users.all.get(step.userId);
    const chosen = fields.get('organization_id') ?? '';
    if (user === undefined || !openOrganizations(user, models).some(({ id }) => id === chosen))
      return this.#organizationPage(attempt, step);
    return this.signIns.enter(request, attempt, user.id, chosen, step.connectionId, step.order, step.session);
  }

  #show(attempt: Attempt, path: string, title: string, fields: Markup, status = 200): Promise<SandboxResponse> {
    const target = formTarget(attempt.request.redirectUri);
    const name = attempt.request.client.application?.name ?? '';
    return page({
      title,
      status,
      formTargets: target === undefined ? [] : [target],
      main: html`<p>to continue to ${name}</p>
${postForm(this.tokens, actionOf(path, attempt), fields)}`,
    });
  }
}

function actionOf(path: string, attempt: Attempt): string {
  return `${path}?authRequestID=${attempt.id}`;
}

function problemText(problem: string | undefined): Markup | '' {
  return problem === undefined ? '' : html`<p id="problem" class="problem" role="alert">${problem}</p>`;
}

function invalidIf(problem: string | undefined): Markup | '' {
  return problem === undefined ? '' : html` aria-invalid="true" aria-describedby="problem"`;
}
