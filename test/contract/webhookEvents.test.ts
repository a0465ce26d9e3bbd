import assert from 'node:assert/strict';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import {
  ConnectionProvider,
  ConnectionType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import { Webhook } from 'svix';
import { WEBHOOK_EVENT_TYPES } from '../../src/api/webhooks/eventTypes';
import { samplePayload } from '../../src/api/webhooks/samplePayload';
import type { WebhookPayload } from '../../src/api/webhooks/webhookPayload';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { FIRED_ONLY } from '../../src/sandbox/webhooks/firedOnly';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhookReceiver';
import { callbackOf, FormBrowser } from './formBrowser';
import { fetchToken } from './restJudge';

const CALLBACK = 'http://localhost:3000/auth/callback';

describe('the webhooks of the sandbox, caused by the official SDK and judged by it,', () => {
  let sandbox: Sandbox;
  let sdk: Sdk;
  let receiver: WebhookReceiver;
  let looney = '';
  const caused = new Set<string>();

  before(async () => {
    receiver = await startWebhookReceiver();
    sandbox = await startSandbox({ organizations: 3, seed: 7 });
    sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    ({ secret: receiver.secret } = sandbox.addWebhook({ url: receiver.url }));
    looney = (await sdk.organization.listOrganization({ pageSize: 10 })).organizations[0]?.id ?? '';
  });
  after(async () => {
    await sandbox.close();
    await receiver.close();
  });
  afterEach(() => assert.deepEqual(receiver.refused, []));

  /** Takes exactly these events, in any order. */
  const expectEvents = async (...types: string[]): Promise<readonly WebhookPayload[]> => {
    const found = await receiver.take(types.length);
    assert.deepEqual(found.map(({ type }) => type).sort(), [...types].sort());
    for (const payload of found) {
      const known = WEBHOOK_EVENT_TYPES.find(({ type }) => type === payload.type);
      assert.equal(payload.object, known?.object);
      assert.equal(payload.display_name, known?.title);
      assert.match(payload.id, /^evt_\d+$/);
      assert.match(payload.environment_id, /^env_\d+$/);
      assert.ok(known !== undefined);
      assertFields(payload, samplePayload(known, {}, new Date()));
      caused.add(payload.type);
    }
    return found;
  };
  const rest = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${sandbox.url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await fetchToken(sandbox.url, sandbox.clientId, sandbox.clientSecret)}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(response.ok, `${method} ${path}: ${response.status}`);
    return (await response.json()) as Record<string, Record<string, unknown>>;
  };

  it('tell of organizations', async () => {
    const { organization } = await sdk.organization.createOrganization('Initech', { externalId: 'customer-7' });
    const id = organization?.id ?? '';
    const [created] = await expectEvents('organization.created');
    assert.deepEqual(
      [created?.organization_id, created?.data['id'], created?.data['display_name'], created?.data['external_id']],
      [id, id, 'Initech', 'customer-7'],
    );
    await sdk.organization.updateOrganization(id, { displayName: 'Initech Two' });
    const [updated] = await expectEvents('organization.updated');
    assert.equal(updated?.data['display_name'], 'Initech Two');
    await sdk.organization.updateOrganizationSettings(id, { features: [{ name: 'sso', enabled: true }] });
    await expectEvents('organization.updated');
    await sdk.organization.deleteOrganization(id);
    const [deleted] = await expectEvents('organization.deleted');
    assert.equal(typeof deleted?.data['deleted_at'], 'string');
  });

  it('tell of domains', async () => {
    const { domain } = await sdk.domain.createDomain(looney, 'looney-tunes.example');
    const other = await sdk.domain.createDomain(looney, 'looney-tunes.org');
    await expectEvents('organization.domain_created', 'organization.domain_created');
    await rest('PATCH', `organizations/${looney}/domains/${domain?.id}:verify`);
    const [verified] = await expectEvents('organization.domain_dns_verification_success');
    assert.equal(verified?.data['verification_status'], 'VERIFIED');
    await rest('PATCH', `organizations/${looney}/domains/${other.domain?.id}:verify`);
    const [failed] = await expectEvents('organization.domain_dns_verification_failed');
    assert.equal(failed?.data['verification_status'], 'FAILED');
    await sdk.domain.deleteDomain(looney, domain?.id ?? '');
    await expectEvents('organization.domain_deleted');
  });

  it('tell of users, invitations and memberships', async () => {
    const { user } = await sdk.user.createUserAndMembership(looney, { email: 'road.runner@example.com' });
    const id = user?.id ?? '';
    const [first] = await expectEvents('user.organization_membership_created', 'user.organization_invitation');
    const data = first?.data as { organization: { id: string }; user: { id: string; email: string } };
    assert.deepEqual([data.organization.id, data.user.id, data.user.email], [looney, id, 'road.runner@example.com']);
    await sdk.user.resendInvite(looney, id);
    await expectEvents('user.organization_invitation');
    await sdk.user.updateMembership(looney, id, { roles: ['admin'] });
    await expectEvents('user.organization_membership_updated');
    await sdk.user.assignUserRoles(looney, id, ['viewer']);
    await expectEvents('user.organization_membership_updated');
    await sdk.user.deleteMembership(looney, id);
    await expectEvents('user.organization_membership_deleted');
    await sdk.user.createMembership(looney, id, { sendInvitationEmail: false });
    await expectEvents('user.organization_membership_created');
    await sdk.user.deleteUser(id);
    await expectEvents('user.organization_membership_deleted');
  });

  it('tell of sign-ups, sign-ins and sign-outs', async () => {
    const browser = new FormBrowser(sandbox.url);
    const page = await browser.open(sdk.getAuthorizationUrl(CALLBACK, { prompt: 'create' }));
    const second = await browser.submit(page, { email: 'wile+sktest@nowhere.example', given_name: 'Wile' });
    const visit = await browser.submit(second, { code: '424242' });
    const result = await sdk.authenticateWithCode(callbackOf(visit).get('code') ?? '', CALLBACK);
    const found = await expectEvents(
      'organization.created',
      'user.organization_membership_created',
      'user.signup',
      'user.login',
    );
    const login = found.find(({ type }) => type === 'user.login');
    const { user, user_session: session } = (login?.data ?? {}) as Record<string, Record<string, unknown>>;
    assert.deepEqual([user?.['id'], session?.['status']], [result.user.id, 'ACTIVE']);
    assert.equal(session?.['organization_id'], login?.organization_id);
    await sdk.session.revokeSession(String(session?.['session_id']));
    await expectEvents('user.logout');

    const again = await browser.open(sdk.getAuthorizationUrl(CALLBACK, { prompt: 'login' }));
    const code = await browser.submit(await browser.submit(again, { email: 'wile+sktest@nowhere.example' }), {
      code: '424242',
    });
    const { idToken } = await sdk.authenticateWithCode(callbackOf(code).get('code') ?? '', CALLBACK);
    await expectEvents('user.login');
    await browser.open(sdk.getLogoutUrl({ idTokenHint: idToken, postLogoutRedirectUri: 'http://localhost:3000/' }));
    const [logout] = await expectEvents('user.logout');
    const ended = logout?.data['user_session'] as Record<string, unknown> | undefined;
    assert.equal(ended?.['status'], 'LOGOUT');
  });

  it('tell of the sign-up and the membership that single sign-on brings', async () => {
    const browser = new FormBrowser(sandbox.url);
    const page = await browser.open(sdk.getAuthorizationUrl(CALLBACK, { organizationId: looney }));
    callbackOf(await browser.submit(page, { email: 'tweety@looney.example', given_name: 'Tweety' }));
    await expectEvents('user.organization_membership_created', 'user.signup', 'user.login');
  });

  it('tell of an invitation that is accepted by signing in', async () => {
    await sdk.user.createUserAndMembership(looney, { email: 'invited+sktest@nowhere.example' });
    await expectEvents('user.organization_membership_created', 'user.organization_invitation');
    const browser = new FormBrowser(sandbox.url);
    const page = await browser.open(sdk.getAuthorizationUrl(CALLBACK, {}));
    const second = await browser.submit(page, { email: 'invited+sktest@nowhere.example' });
    callbackOf(await browser.submit(second, { code: '424242' }));
    await expectEvents('user.organization_membership_updated', 'user.login');
  });

  it('tell of directories, their users and their groups', async () => {
    const { directories } = await sdk.directory.listDirectories(looney);
    const directory = directories.find(({ enabled }) => enabled)?.id ?? '';
    const control = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${sandbox.url}/__sandbox/directories/${directory}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const { changes } = (await response.json()) as {
        changes: { user?: { id: string }; group?: { id: string } }[];
      };
      return changes[0]?.user?.id ?? changes[0]?.group?.id ?? '';
    };
    const group = await control('POST', '/groups', { display_name: 'Design' });
    const users: string[] = [];
    for (const name of ['one', 'two', 'three'])
      users.push(await control('POST', '/users', { email: `${name}@example.com`, groups: ['Design'] }));
    const created = await expectEvents(
      'organization.directory.group_created',
      ...users.map(() => 'organization.directory.user_created'),
    );
    const one = created.find(({ data }) => data['email'] === 'one@example.com');
    assert.deepEqual(one?.data['groups'], [{ id: group, name: 'Design' }]);
    await control('PATCH', `/users/${users[0]}`, { active: false });
    const [changed] = await expectEvents('organization.directory.user_updated');
    assert.equal(changed?.data['active'], false);
    await control('PATCH', `/groups/${group}`, { display_name: 'Product Design' });
    await expectEvents('organization.directory.group_updated');
    await control('DELETE', `/groups/${group}`);
    const gone = await expectEvents(
      'organization.directory.group_deleted',
      ...users.map(() => 'organization.directory.user_updated'),
    );
    for (const { type, data } of gone) if (type.endsWith('user_updated')) assert.deepEqual(data['groups'], []);
    await control('DELETE', `/users/${users[0]}`);
    const [deleted] = await expectEvents('organization.directory.user_deleted');
    assert.deepEqual(Object.keys(deleted?.data ?? {}), ['id', 'organization_id', 'dp_id', 'email']);
    await sdk.directory.disableDirectory(looney, directory);
    await sdk.directory.disableDirectory(looney, directory);
    await expectEvents('organization.directory_disabled');
    await sdk.directory.enableDirectory(looney, directory);
    await expectEvents('organization.directory_enabled');
  });

  it('tell of connections', async () => {
    const { connection } = await sdk.connection.createConnection(looney, {
      provider: ConnectionProvider.OKTA,
      type: ConnectionType.OIDC,
    } as never);
    await expectEvents('organization.sso_created');
    const found = (await sdk.connection.listConnections(looney)).connections.find(({ enabled }) => enabled)?.id ?? '';
    await sdk.connection.disableConnection(looney, found);
    const [disabled] = await expectEvents('organization.sso_disabled');
    assert.deepEqual([disabled?.data['enabled'], disabled?.data['status']], [false, 'COMPLETED']);
    await sdk.connection.enableConnection(looney, found);
    await expectEvents('organization.sso_enabled');
    await sdk.connection.deleteConnection(looney, connection?.id ?? '');
    await expectEvents('organization.sso_deleted');
  });

  it('tell of roles and permissions', async () => {
    await sdk.permission.createPermission({ name: 'carrots:eat', description: 'Eats' } as never);
    await sdk.permission.updatePermission('carrots:eat', { name: 'carrots:eat', description: 'Eats all' } as never);
    await expectEvents('permission.created', 'permission.updated');
    await sdk.role.createRole({ name: 'rabbit', displayName: 'Rabbit', description: '', permissions: [] } as never);
    const [created] = await expectEvents('role.created');
    assert.deepEqual([created?.organization_id, created?.data['name']], [undefined, 'rabbit']);
    await sdk.role.updateRole('rabbit', { displayName: 'Hare', permissions: [] } as never);
    await expectEvents('role.updated');
    await sdk.permission.addPermissionsToRole('rabbit', ['carrots:eat']);
    await expectEvents('role.updated');
    await sdk.permission.deletePermission('carrots:eat');
    await expectEvents('permission.deleted', 'role.updated');
    await sdk.role.deleteRole('rabbit');
    await expectEvents('role.deleted');
  });

  it('have each type that the sandbox causes, and no other, by now', () => {
    const firedOnly = new Set(FIRED_ONLY.map(({ type }) => type));
    assert.deepEqual(
      [...caused].sort(),
      WEBHOOK_EVENT_TYPES.map(({ type }) => type)
        .filter((type) => !firedOnly.has(type))
        .sort(),
    );
    console.log(`      ${caused.size} of ${WEBHOOK_EVENT_TYPES.length} types caused, received and verified`);
  });

  it('can be fired for every type, with sample data, with data of one’s own, or whole', async () => {
    const fire = async (body: unknown) => {
      const response = await fetch(`${sandbox.url}/__sandbox/webhook-events`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return { status: response.status, json: (await response.json()) as Record<string, unknown> };
    };
    for (const { type } of WEBHOOK_EVENT_TYPES) assert.equal((await fire({ type })).status, 200);
    await expectEvents(...WEBHOOK_EVENT_TYPES.map(({ type }) => type));
    await fire({ type: 'role.created', organization_id: 'org_9', data: { name: 'mine' } });
    const [own] = await receiver.take(1);
    assert.deepEqual([own?.organization_id, own?.data], ['org_9', { name: 'mine' }]);
    await fire({ payload: { id: 'evt_7', type: 'role.deleted', extra: 1, data: {} } });
    const [whole] = (await receiver.take(1)) as (WebhookPayload & { extra?: number })[];
    assert.deepEqual([whole?.id, whole?.extra, whole?.object], ['evt_7', 1, 'Role']);
    for (const [body, sentence] of [
      [{}, /type must be one of/],
      [{ type: 'user.created' }, /type must be one of/],
      [{ type: 'role.created', data: [] }, /data must be a JSON object/],
      [{ type: 'role.created', organization_id: 5 }, /organization_id must be a text/],
      [{ payload: 'x' }, /payload must be a JSON object/],
      [{ typ: 'role.created' }, /typ isn't a field here/],
    ] as const) {
      const { status, json } = await fire(body);
      assert.equal(status, 400);
      assert.match(String(json['error']), sentence);
    }
  });

  it('are accepted by Svix’s own library', async () => {
    const { event_id: eventId } = (await (
      await fetch(`${sandbox.url}/__sandbox/webhook-events`, {
        method: 'POST',
        body: JSON.stringify({ type: 'user.login' }),
      })
    ).json()) as { event_id: string };
    await receiver.take(1);
    const request = receiver.server.requests.at(-1);
    // It throws for anything else.
    new Webhook(receiver.secret).verify(request?.body ?? '', request?.headers as Record<string, string>);
    assert.equal((JSON.parse(request?.body ?? '{}') as WebhookPayload).id, eventId);
    assert.match(String(request?.headers['webhook-id']), /^msg_\d+$/);
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.equal(request?.method, 'POST');
  });
});

/** That a payload has the fields that are documented, as its sample does. Some are there only at times. */
function assertFields(payload: WebhookPayload, sample: WebhookPayload): void {
  const optional = ['last_login_time', 'last_sync_at', 'status', 'roles'];
  const keys = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([name, inner]) =>
          /(metadata|custom_attributes|raw_attributes|external_identities)$/.test(name)
            ? [`${path}.${name}`]
            : [`${path}.${name}`, ...keys(inner, `${path}.${name}`)],
        )
      : [];
  const isNeeded = (key: string) => !optional.some((name) => key.endsWith(`.${name}`));
  assert.deepEqual(
    keys(payload).filter(isNeeded).sort(),
    keys(sample).filter(isNeeded).sort(),
    `the fields of ${payload.type}`,
  );
}
