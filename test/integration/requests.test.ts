import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isCancelled } from '../../src/api/client/scalekitError';
import type { Organization } from '../../src/api/organizations';
import { documentUri } from '../../src/core/documentReference';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import type { VirtualDocuments } from '../../src/ui/virtualDocuments';
import { requestCommands } from '../../src/requests/requestCommands';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import type { ScriptedPrompts } from '../support/scriptedPrompts';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';
import { SentRequestList } from '../../src/requests/sentRequestList';

const SEND = { label: 'Send Request' };
const LIVE_TOKEN = `eyJhbGciOiJSUzI1NiJ9.eyJsaXZlIjoidG9rZW4ifQ.c2ln`;

describe('API requests', () => {
  let subscriptions: vscode.Disposable[];
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;
  let documents: VirtualDocuments;
  let commands: ReturnType<typeof requestCommands>;
  let sent: SentRequestList;
  let id: string;
  let organizations: { id: string; display_name: string; external_id?: string }[];
  let shown: Pick<Organization, 'id' | 'displayName'>[];
  let search: string | undefined;
  let inTerminal: boolean;
  /** Texts that were copied as containing a token. */
  let copiedSecrets: string[];

  const act = async (command: keyof typeof commands, argument: unknown): Promise<void> => commands[command](argument);
  const apiTargets = (): string[] =>
    sandbox.requests.filter(({ path }) => path.startsWith('/api/')).map(({ path }) => path);
  /** The active document, once it shows the newest text, which VS Code does a moment after it opens. */
  async function openDocument(): Promise<vscode.TextDocument> {
    const document = vscode.window.activeTextEditor?.document ?? assert.fail('no document is open');
    await until('the newest text', () => document.getText() === documents.provideTextDocumentContent(document.uri));
    return document;
  }
  const linesOf = (document: vscode.TextDocument): string[] => document.getText().split('\n');
  const comments = (document: vscode.TextDocument): string[] =>
    linesOf(document).filter((line) => line.startsWith('//'));
  const json = (document: vscode.TextDocument): Record<string, unknown> =>
    JSON.parse(
      linesOf(document)
        .filter((line) => !line.startsWith('//'))
        .join('\n'),
    ) as Record<string, unknown>;
  const clipboard = (): Thenable<string> => vscode.env.clipboard.readText();
  const firstOrganization = (): { id: string; display_name: string } =>
    organizations[0] ?? assert.fail('there is no organization');

  /** Sends a request that asks only for its optional parameters. */
  async function sendPlain(summary: string): Promise<vscode.TextDocument> {
    prompts
      .expectPick({ title: `Send API Request to ${parts.environments.active()?.name}` }, { label: summary })
      .expectPick({}, SEND);
    await act('scalekit.request.send', undefined);
    return openDocument();
  }

  async function fails(task: Promise<void>): Promise<EnvironmentFailure> {
    try {
      await task;
    } catch (error) {
      assert.ok(error instanceof EnvironmentFailure, String(error));
      return error;
    }
    return assert.fail('nothing failed');
  }

  before(async () => {
    sandbox = await startSandbox({ organizations: 12, seed: 1 });
  });

  after(() => sandbox.close());

  beforeEach(async () => {
    sandbox.clearFaults();
    subscriptions = [];
    parts = await startWorkbench();
    await parts.store.load();
    prompts = parts.prompts;
    documents = parts.virtualDocuments;
    shown = [];
    search = undefined;
    inTerminal = false;
    copiedSecrets = [];
    sent = new SentRequestList(documents, parts.redactor);
    commands = requestCommands({
      now: Date.now,
      subscriptions,
      onDidSend: (report) => sent.record(report),
      environments: parts.environments,
      prompts,
      documents,
      redactor: parts.redactor,
      organizations: {
        shownOrganizations: (environmentId) => (environmentId === id ? shown : []),
        shownSearch: (environmentId) => (environmentId === id ? search : undefined),
      },
      terminals: { isActive: () => inTerminal },
      tokens: { liveToken: async () => ({ value: LIVE_TOKEN, validity: 'valid until 14:32' }) },
      clipboard: {
        clearsAfter: undefined,
        copy: async (text) => void copiedSecrets.push(text),
        read: async () => '',
      },
    });
    id = await parts.add({
      environmentUrl: sandbox.url,
      clientId: sandbox.clientId,
      clientSecret: sandbox.clientSecret,
    });
    const client = await parts.environments.client(id);
    organizations = (
      (await client.getJson('/api/v1/organizations', { page_size: 100 })) as { organizations: typeof organizations }
    ).organizations;
    shown = organizations.map((organization) => ({ id: organization.id, displayName: organization.display_name }));
    await vscode.env.clipboard.writeText('something else');
    sandbox.clearRequests();
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    vscode.Disposable.from(...subscriptions).dispose();
    await parts.end();
    prompts.assertAllUsed();
  });

  describe('that are sent', () => {
    it('show the response as read-only JSON below the request, environment, status, time and trace ID', async () => {
      prompts
        .expectPick({ placeholder: 'Choose what to read, by its name or path' }, { label: 'List organizations' })
        .expectPick(
          { title: /: List organizations$/, labels: ['Send Request', 'page_size', 'page_token', 'external_id'] },
          { label: 'page_size' },
        )
        .expectInput({ prompt: 'page_size: a whole number' }, 'ten')
        .expectInput({}, '2')
        .expectPick({ placeholder: 'Press Enter to continue, or set a query parameter first' }, SEND);
      await act('scalekit.request.send', undefined);
      const document = await openDocument();
      assert.deepEqual(prompts.problems, ['Enter a whole number.']);
      assert.equal(document.languageId, 'jsonc');
      assert.equal(document.uri.scheme, 'scalekit-view');
      assert.ok(document.uri.path.endsWith('/GET organizations.jsonc'), document.uri.path);
      const [asked, whom, outcome, ...more] = comments(document);
      assert.equal(asked, '// GET /api/v1/organizations?page_size=2');
      assert.equal(whom, `// Environment: ${parts.environments.get(id)?.name}`);
      assert.match(outcome ?? '', /^\/\/ 200 OK · \d+ ms · trace id [0-9a-f]{32}$/);
      assert.deepEqual(more, []);
      assert.deepEqual(
        (json(document)['organizations'] as { id: string }[]).map((each) => each.id),
        organizations.slice(0, 2).map((each) => each.id),
      );
      const before = document.getText();
      await vscode.commands.executeCommand('type', { text: 'x' });
      assert.equal(document.getText(), before, 'a person can change it');
      assert.equal(sandbox.requests.filter(({ path }) => path.startsWith('/api/')).length, 1);
    });

    it('suggest what the tree shows, with your last value first', async () => {
      const [first, second] = organizations;
      prompts.expectPick({}, { label: 'List organization directories' }).expectPick(
        {
          placeholder: 'organization_id: choose one, or type or paste another',
          labels: organizations.map((each) => each.display_name),
        },
        { label: second?.display_name },
      );
      await act('scalekit.request.send', undefined);
      assert.deepEqual(apiTargets(), [`/api/v1/organizations/${second?.id}/directories`]);
      prompts
        .expectPick({}, { label: 'Get organization details' })
        .expectPick(
          { labels: [second, first, ...organizations.slice(2)].map((each) => each?.display_name) },
          undefined,
        );
      await act('scalekit.request.send', undefined);
    });

    it('accept free text beside suggestions, and show Scalekit’s response to it in the document', async () => {
      prompts.expectPick({}, { label: 'Get organization details' }).expectPick({}, { typed: ' org_404 ' });
      await act('scalekit.request.send', undefined);
      const document = await openDocument();
      assert.equal(comments(document)[0], '// GET /api/v1/organizations/org_404');
      assert.match(comments(document)[2] ?? '', /^\/\/ 404 Not Found · /);
      assert.equal(json(document)['code'], 5);
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), document.uri.toString());
    });

    it('suggest IDs from earlier responses', async () => {
      await sendPlain('List all users in environment');
      const users = json(await openDocument())['users'] as { id: string }[];
      assert.ok(users.length > 0);
      prompts.expectPick({}, { label: 'Get user' }).expectPick({ labels: users.map(() => /./) }, undefined);
      await act('scalekit.request.send', undefined);
    });

    it('require the text of a search', async () => {
      prompts
        .expectPick({}, { label: 'Search users' })
        .expectInput({ prompt: 'query: 3 to 100 characters', step: { number: 2, of: 3 } }, '')
        .expectInput({}, `o'neil & "co" #1`)
        .expectPick({ labels: ['Send Request', 'page_size', 'page_token'] }, SEND);
      await act('scalekit.request.send', undefined);
      assert.deepEqual(prompts.problems, ['query is required.']);
      assert.equal(
        comments(await openDocument())[0],
        '// GET /api/v1/users:search?query=o%27neil%20%26%20%22co%22%20%231',
      );
      assert.match(comments(await openDocument())[2] ?? '', /200 OK/);
    });

    it('offer the values of an enum, true and false, and accept times in any form', async () => {
      prompts
        .expectPick({}, { label: 'List all permissions' })
        .expectPick({}, { label: 'type' })
        .expectPick({ placeholder: 'type', labels: ['ALL', 'SCALEKIT', 'ENVIRONMENT'] }, { label: 'ENVIRONMENT' })
        .expectPick({}, { label: 'type' })
        .expectPick({ labels: ['ALL', 'SCALEKIT', 'ENVIRONMENT', 'Leave out'] }, { label: 'Leave out' })
        .expectPick({}, { label: 'type' })
        .expectPick({ labels: ['ALL', 'SCALEKIT', 'ENVIRONMENT'] }, { label: 'ALL' })
        .expectPick({}, SEND);
      await act('scalekit.request.send', undefined);
      assert.equal(comments(await openDocument())[0], '// GET /api/v1/permissions?type=ALL');

      prompts
        .expectPick({}, { label: 'List user sessions' })
        .expectInput({}, 'usr_123')
        .expectPick({}, { label: 'filter.status' })
        .expectInput({ prompt: 'filter.status: several, separated by commas' }, 'active, expired,')
        .expectPick({}, { label: 'filter.start_time' })
        .expectInput({}, 'yesterday evening')
        .expectInput({}, '2026-01-31')
        .expectPick({}, SEND);
      await act('scalekit.request.send', undefined);
      assert.deepEqual(prompts.problems, ['Enter a time, for example 2026-01-31T08:00:00Z.']);
      assert.equal(
        comments(await openDocument())[0],
        '// GET /api/v1/users/usr_123/sessions?filter.status=active&filter.status=expired&filter.start_time=2026-01-31T00%3A00%3A00.000Z',
      );
    });

    it('refuse an ID that a URL would resolve away', async () => {
      shown = [{ id: '..', displayName: 'A hostile organization' }];
      prompts.expectPick({}, { label: 'Get organization details' }).expectInput({}, '..').expectInput({}, 'org_1');
      await act('scalekit.request.send', undefined);
      assert.deepEqual(prompts.problems, ['This can’t be used in a path.']);
    });

    it('let you go back through every step', async () => {
      prompts
        .expectPick({}, { label: 'List organization users' })
        .expectPick({}, { label: firstOrganization().display_name })
        .expectPick({}, { label: 'page_size' })
        .expectInput({}, 'back!')
        .expectPick({ labels: ['Send Request', 'page_size', 'page_token'] }, 'back!')
        .expectPick({ placeholder: /^organization_id/ }, 'back!')
        .expectPick({ placeholder: 'Choose what to read, by its name or path' }, { label: 'List connections' })
        .expectPick({}, 'back!')
        .expectPick({}, { label: 'List all roles in environment' })
        .expectPick({}, SEND);
      await act('scalekit.request.send', undefined);
      assert.deepEqual(
        apiTargets().map((target) => target.replace(/\?.*/, '')),
        ['/api/v1/roles'],
      );
    });

    for (const step of ['the list', 'a path parameter', 'the options', 'a query parameter'] as const) {
      it(`end silently if you cancel at ${step}`, async () => {
        const reached = ['the list', 'a path parameter', 'the options', 'a query parameter'].indexOf(step);
        prompts.expectPick({}, reached === 0 ? undefined : { label: 'List organization users' });
        if (reached >= 1)
          prompts.expectPick({}, reached === 1 ? undefined : { label: firstOrganization().display_name });
        if (reached >= 2) prompts.expectPick({}, reached === 2 ? undefined : { label: 'page_size' });
        if (reached >= 3) prompts.expectInput({}, undefined);
        await act('scalekit.request.send', undefined);
        assert.deepEqual(sandbox.requests, []);
        assert.equal(vscode.window.activeTextEditor, undefined);
      });
    }

    it('go to the environment that you clicked', async () => {
      const other = await startSandbox({ organizations: 1, seed: 5 });
      try {
        const otherId = await parts.add(
          { environmentUrl: other.url, clientId: other.clientId, clientSecret: other.clientSecret },
          { production: true },
        );
        await parts.store.setActive(id);
        prompts
          .expectPick(
            { title: `Send API Request to ${parts.environments.get(otherId)?.name} (production)` },
            { label: 'List organizations' },
          )
          .expectPick({}, SEND);
        await act('scalekit.request.send', { id: otherId });
        assert.match(comments(await openDocument())[1] ?? '', /^\/\/ Environment: .* · production$/);
        assert.equal(other.requests.filter(({ path }) => path.startsWith('/api/')).length, 1);
        assert.deepEqual(sandbox.requests, []);
      } finally {
        await other.close();
      }
    });

    it('get a new token and a second attempt after a 401, and show a second 401', async () => {
      await sendPlain('List organizations');
      sandbox.expireTokens();
      sandbox.clearRequests();
      await act('scalekit.request.repeat', undefined);
      assert.deepEqual(
        sandbox.requests.map(({ path, status }) => `${path.replace(/\?.*/, '')} ${status}`),
        ['/api/v1/organizations 401', '/oauth/token 200', '/api/v1/organizations 200'],
      );
      assert.match(comments(await openDocument())[2] ?? '', /200 OK/);
      sandbox.addFault({ path: '/api/v1/organizations', status: 401 });
      await act('scalekit.request.repeat', undefined);
      assert.match(comments(await openDocument())[2] ?? '', /401 Unauthorized/);
    });

    it('aren’t retried after a server error, and show the first response', async () => {
      sandbox.addFault({ path: '/api/v1/roles', status: 503 });
      const document = await sendPlain('List all roles in environment');
      assert.match(comments(document)[2] ?? '', /^\/\/ 503 Service Unavailable · /);
      assert.equal(apiTargets().length, 1);
    });

    it('leave a network failure to the error boundary, with its environment', async () => {
      sandbox.addFault({ path: '/api/v1/roles', drop: true });
      prompts.expectPick({}, { label: 'List all roles in environment' }).expectPick({}, SEND);
      const failure = await fails(act('scalekit.request.send', undefined));
      assert.equal(failure.environment.id, id);
      assert.equal(failure.failure instanceof Error && failure.failure.kind, 'network');
      assert.equal(vscode.window.activeTextEditor, undefined);
    });
  });

  describe('that you send again', () => {
    it('show the new response in the same document', async () => {
      const document = await sendPlain('List organizations');
      sandbox.addFault({
        path: '/api/v1/organizations',
        times: 1,
        respond: { body: { organizations: [], total_size: 0 } },
      });
      await act('scalekit.request.repeat', undefined);
      assert.equal((await openDocument()).uri.toString(), document.uri.toString());
      assert.ok(document.getText().includes('"total_size": 0'));
      assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1);
      assert.equal(apiTargets().length, 2);
    });

    it('come from the document that the button belongs to', async () => {
      const roles = await sendPlain('List all roles in environment');
      await sendPlain('List organizations');
      sandbox.clearRequests();
      await act('scalekit.request.repeat', roles.uri);
      assert.deepEqual(apiTargets(), ['/api/v1/roles']);
    });

    it('have a document for each query', async () => {
      const whole = await sendPlain('List organizations');
      prompts
        .expectPick({}, { label: 'List organizations' })
        .expectPick({}, { label: 'page_size' })
        .expectInput({}, '3')
        .expectPick({}, SEND);
      await act('scalekit.request.send', undefined);
      assert.notEqual((await openDocument()).uri.toString(), whole.uri.toString());
      sandbox.clearRequests();
      await act('scalekit.request.repeat', whole.uri);
      await act('scalekit.request.repeat', (await openDocument()).uri);
      assert.deepEqual(
        sandbox.requests.map(({ path }) => path.replace(/\?.*/, '')),
        ['/api/v1/organizations', '/api/v1/organizations'],
      );
    });

    it('cancel the one that’s still running', async () => {
      const document = await sendPlain('List organizations');
      sandbox.addFault({ path: '/api/v1/organizations', times: 1, delayMs: 3_600_000 });
      const slow = assert.rejects(act('scalekit.request.repeat', document.uri), isCancelled);
      // Any sooner, the second one would reach the sandbox first and be the slow one.
      await until('the slow one has arrived', async () =>
        (await (await fetch(`${sandbox.url}/__sandbox/faults`)).text()).includes('"used":1'),
      );
      await act('scalekit.request.repeat', document.uri);
      await slow;
      assert.match(comments(await openDocument())[2] ?? '', /200 OK/);
    });

    it('say that their environment was removed, and go to no other', async () => {
      const document = await sendPlain('List organizations');
      await parts.stored.remove(id);
      assert.equal((await fails(act('scalekit.request.repeat', document.uri))).failure, 'gone');
    });

    it('ask for the request if the document is from an earlier window', async () => {
      prompts.expectPick({ placeholder: 'Choose what to read, by its name or path' }, undefined);
      await act('scalekit.request.repeat', vscode.Uri.parse('scalekit-view:/requests/acme/GET organizations.jsonc'));
    });
  });

  describe('that return a list', () => {
    const sendOf = async (summary: string, pageSize: string): Promise<vscode.TextDocument> => {
      prompts
        .expectPick({}, { label: summary })
        .expectPick({}, { label: 'page_size' })
        .expectInput({}, pageSize)
        .expectPick({}, SEND);
      await act('scalekit.request.send', undefined);
      return openDocument();
    };
    const namesIn = (document: vscode.TextDocument): unknown[] =>
      (json(document)['organizations'] as { display_name: string }[]).map((each) => each.display_name);

    it('continue with Next Page to the last one, each in its own document', async () => {
      const seen = namesIn(await sendOf('List organizations', '5'));
      const paths = [vscode.window.activeTextEditor?.document.uri.path];
      for (const count of [5, 2]) {
        await act('scalekit.request.nextPage', undefined);
        const document = await openDocument();
        assert.equal(namesIn(document).length, count);
        assert.match(comments(document)[0] ?? '', /organizations\?page_size=5&page_token=/);
        seen.push(...namesIn(document));
        paths.push(document.uri.path);
      }
      assert.deepEqual(
        seen,
        organizations.map((each) => each.display_name),
      );
      assert.equal(new Set(paths).size, 3);
      const count = apiTargets().length;
      await act('scalekit.request.nextPage', undefined);
      assert.equal(apiTargets().length, count, 'the last page has no next one');
    });

    it('find the next page of the document that you clicked, after it was sent again too', async () => {
      const { uri } = await sendOf('List organizations', '5');
      await sendPlain('List all roles in environment');
      await act('scalekit.request.repeat', uri);
      await sendPlain('List all permissions');
      await act('scalekit.request.nextPage', uri);
      assert.deepEqual(
        namesIn(await openDocument()),
        organizations.slice(5, 10).map((each) => each.display_name),
      );
    });
  });

  describe('that you sent recently', () => {
    const first = async (count: number): Promise<string[]> => {
      let labels: string[] = [];
      prompts.expectPick({}, ({ choices }) => {
        labels = choices.slice(0, count).map(({ label }) => label);
        return undefined;
      });
      await act('scalekit.request.send', undefined);
      return labels;
    };

    it('come first, newest first, each once, and are sent without another question', async () => {
      const [firstEndpoint] = await first(1);
      await sendPlain('List organizations');
      await sendPlain('List all roles in environment');
      await sendPlain('List organizations');
      assert.deepEqual(await first(3), ['GET /organizations', 'GET /roles', firstEndpoint]);
      sandbox.clearRequests();
      prompts.expectPick({}, { label: 'GET /roles' });
      await act('scalekit.request.send', undefined);
      assert.match(comments(await openDocument())[0] ?? '', /^\/\/ GET \/api\/v1\/roles/);
      assert.equal(apiTargets().length, 1);
    });

    it('are one request for all pages of a list', async () => {
      prompts
        .expectPick({}, { label: 'List organizations' })
        .expectPick({}, { label: 'page_size' })
        .expectInput({}, '5')
        .expectPick({}, SEND);
      await act('scalekit.request.send', undefined);
      await act('scalekit.request.nextPage', undefined);
      const [recent, next] = await first(2);
      assert.equal(recent, 'GET /organizations?page_size=5');
      assert.doesNotMatch(next ?? '', /^GET/);
    });

    it('are at most 5, and forgotten with their environment’s credentials', async () => {
      for (const summary of [
        'List organizations',
        'List all roles in environment',
        'List all permissions',
        'List all users in environment',
      ])
        await sendPlain(summary);
      for (const organization of organizations.slice(0, 2)) {
        prompts
          .expectPick({}, { label: 'Get organization details' })
          .expectPick({}, { label: organization.display_name });
        await act('scalekit.request.send', undefined);
      }
      assert.equal((await first(10)).filter((label) => label.startsWith('GET ')).length, 5);
      const { url: environmentUrl, clientId, clientSecret } = sandbox;
      await parts.stored.replace(id, { environmentUrl, clientId, clientSecret }, false);
      assert.equal((await first(10)).filter((label) => label.startsWith('GET ')).length, 0);
    });
  });

  describe('with hostile responses', () => {
    it('redact the response’s secrets, and say so', async () => {
      const secret = 'test_thisMustNotBeSeen';
      sandbox.addFault({
        path: '/api/v1/roles',
        respond: {
          body: {
            client_secret: secret,
            link: { location: `https://acme.scalekit.dev/magicLink/${secret}` },
            list: [{ accessToken: secret }],
            next_page_token: '>:x',
          },
        },
      });
      const document = await sendPlain('List all roles in environment');
      assert.ok(!document.getText().includes(secret));
      assert.equal(comments(document)[3], '// Secrets are left out.');
      assert.deepEqual(json(document), {
        client_secret: '[redacted]',
        link: { location: '[redacted]' },
        list: [{ accessToken: '[redacted]' }],
        next_page_token: '>:x',
      });
    });

    it('redact live secrets and tokens that a server returns under another name', async () => {
      parts.redactor.add(sandbox.clientSecret);
      sandbox.addFault({
        path: '/api/v1/roles',
        respond: { body: { echo: sandbox.clientSecret, header: `Bearer ${LIVE_TOKEN}` } },
      });
      const document = await sendPlain('List all roles in environment');
      assert.ok(!document.getText().includes(sandbox.clientSecret));
      assert.ok(!document.getText().includes(LIVE_TOKEN));
    });

    it('let no text end a comment or hide in the JSON', async () => {
      await parts.stored.rename(id, 'Acme\n{"forged": true}\u2028\u202e//');
      sandbox.addFault({
        path: '/api/v1/roles',
        respond: { headers: { 'x-trace-id': 'not/a trace\tid' }, body: { name: 'a\u202eb\u200bc\nd*/', __proto__: 1 } },
      });
      const document = await sendPlain('List all roles in environment');
      assert.equal(comments(document).length, 3);
      assert.equal(document.lineAt(3).text, '{');
      assert.doesNotMatch(document.getText(), /[\u0000-\u0009\u000b-\u001f\u200b\u2028\u202e]/);
      assert.equal(json(document)['name'], 'a\u202eb\u200bc\nd*/');
      assert.doesNotMatch(document.getText(), /trace id/);
    });

    it('escape a hostile ID in the path and the comment', async () => {
      prompts.expectPick({}, { label: 'Get user by external ID' }).expectInput({}, '../../x?y=z#"*/\u2028%2e');
      await act('scalekit.request.send', undefined);
      const document = await openDocument();
      assert.equal(
        comments(document)[0],
        '// GET /api/v1/users:external/..%2F..%2Fx%3Fy%3Dz%23%22%2A%2F%E2%80%A8%252e',
      );
      assert.match(document.uri.path, /^\/requests\/[a-z0-9-]+\/GET [^/]*\.jsonc$/);
    });

    it('shorten their title only between whole characters', async () => {
      const letters = 'x'.repeat(60 - 'GET users:external '.length - 1);
      const ids = [
        `${letters}😀`,
        `${letters}👩🏽\u200d💻 Freelance`,
        `${letters}🇮🇳`,
        `${letters.slice(1)}ده\u200cپرداز`,
        `${letters}\ud83d`,
        `${letters}é`.normalize('NFD'),
      ];
      for (const id of ids) {
        prompts.expectPick({}, { label: 'Get user by external ID' });
        // What was entered once is suggested from then on.
        if (id === ids[0]) prompts.expectInput({}, id);
        else prompts.expectPick({}, { typed: id });
        await act('scalekit.request.send', undefined);
        const document = await openDocument();
        assert.match(comments(document)[0] ?? '', /^\/\/ GET \/api\/v1\/users:external\/x+e?%/, id);
        assert.match(document.uri.path, /\/GET users:external x{39,40}د? ?(?: \(\d\))?\.jsonc$/);
      }
    });

    it('say that a response isn’t JSON, or is empty', async () => {
      sandbox.addFault({ path: '/api/v1/roles', html: true });
      const page = await sendPlain('List all roles in environment');
      assert.match(comments(page)[2] ?? '', /^\/\/ 502 Bad Gateway · /);
      assert.match(comments(page)[3] ?? '', /^\/\/ The response isn’t JSON and isn’t shown \(text\/html.*\)\.$/);
      sandbox.addFault({ path: '/api/v1/permissions', respond: { status: 204 } });
      const nothing = await sendPlain('List all permissions');
      assert.equal(comments(nothing)[3], '// The response has no body.');
    });
  });

  describe('that you copy', () => {
    const formats = [
      'cURL',
      'cURL (PowerShell)',
      'cURL (Windows cmd)',
      'Node.js fetch',
      'axios',
      'Python requests',
      'Go net/http',
    ];
    const inShell = 'Command scalekit-token';
    const tokens = ['Variable SCALEKIT_ACCESS_TOKEN', 'Include the Current Token'];

    it('list what the view lists, with the token from a variable, and send nothing', async () => {
      prompts
        .expectPick(
          { labels: ['List Organizations', 'Search Organizations…', 'Another Request…'] },
          { label: 'List Organizations' },
        )
        .expectPick({ placeholder: 'Copy as…', labels: formats }, { label: 'cURL' })
        .expectPick(
          { placeholder: 'How should it get its access token?', labels: [tokens[0], inShell, tokens[1]] },
          { label: tokens[0] },
        );
      await act('scalekit.request.copy', undefined);
      assert.equal(
        await clipboard(),
        [
          `curl --fail-with-body '${sandbox.url}/api/v1/organizations?page_size=100' \\`,
          `  --header "Authorization: Bearer $SCALEKIT_ACCESS_TOKEN"`,
          '',
        ].join('\n'),
      );
      assert.deepEqual(sandbox.requests, []);
      assert.deepEqual(copiedSecrets, []);
    });

    it('offer scalekit-token first beside a terminal for this environment, if a shell runs them', async () => {
      inTerminal = true;
      prompts
        .expectPick({}, { label: 'List Organizations' })
        .expectPick({}, { label: 'cURL' })
        .expectPick({ labels: [inShell, ...tokens] }, { label: inShell });
      await act('scalekit.request.copy', undefined);
      assert.ok((await clipboard()).includes('Bearer $(scalekit-token)"'));
      prompts
        .expectPick({}, { label: 'List Organizations' })
        .expectPick({}, { label: 'axios' })
        .expectPick({ labels: tokens }, undefined);
      await act('scalekit.request.copy', undefined);
      assert.deepEqual(copiedSecrets, []);
    });

    it('offer the response in the editor first, and then the other open ones', async () => {
      await sendPlain('List all permissions');
      await vscode.commands.executeCommand('workbench.action.keepEditor');
      await sendPlain('List all roles in environment');
      prompts
        .expectPick(
          {
            placeholder: 'Which request?',
            labels: [
              /^GET \/roles/,
              'GET /permissions',
              'List Organizations',
              'Search Organizations…',
              'Another Request…',
            ],
          },
          { label: /^GET \/roles/ },
        )
        .expectPick({ title: 'Copy Request: List all roles in environment' }, { label: 'cURL' })
        .expectPick({}, { label: tokens[0] });
      await act('scalekit.request.copy', undefined);
      assert.match(await clipboard(), /\/api\/v1\/roles/);
    });

    it('get what an open document shows', async () => {
      prompts.expectPick({ title: 'Copy Request: Get organization details' }, { label: 'cURL' });
      prompts.expectPick({}, { label: tokens[0] });
      await act(
        'scalekit.request.copy',
        documentUri({ environmentId: id, path: ['organizations', firstOrganization().id], name: 'Any name' }),
      );
      assert.ok((await clipboard()).includes(`'${sandbox.url}/api/v1/organizations/${firstOrganization().id}'`));
    });

    it('get a row’s organization, with a live token that’s handled like any token', async () => {
      const [row] = await parts.organizationsView.treeView.getChildren();
      prompts
        .expectPick({ title: 'Copy Request: Get organization details' }, { label: 'Go net/http' })
        .expectPick({}, { label: tokens[1] });
      await act('scalekit.request.copy', row);
      const [text, ...more] = copiedSecrets;
      assert.deepEqual(more, []);
      assert.ok(text?.includes(`"${sandbox.url}/api/v1/organizations/${firstOrganization().id}"`), text);
      assert.ok(text?.includes(LIVE_TOKEN));
      assert.equal(await clipboard(), 'something else');
    });

    it('search for what the view searches for', async () => {
      search = `O'Reilly`;
      prompts
        .expectPick(
          {
            labels: [
              `Search Organizations for “O'Reilly”`,
              'List Organizations',
              'Search Organizations…',
              'Another Request…',
            ],
          },
          { label: /for “/ },
        )
        .expectPick({}, { label: 'cURL' })
        .expectPick({}, { label: tokens[0] });
      await act('scalekit.request.copy', undefined);
      assert.ok(
        (await clipboard()).startsWith(
          `curl --fail-with-body '${sandbox.url}/api/v1/organizations:search?query=O%27Reilly&page_size=30' `,
        ),
      );
    });

    it('search for another text, and let you go back through every step', async () => {
      prompts
        .expectPick({}, { label: 'Search Organizations…' })
        .expectInput({ prompt: 'query: 3 to 100 characters' }, 'back!')
        .expectPick({}, { label: 'Another Request…' })
        .expectPick({}, 'back!')
        .expectPick({}, { label: 'Search Organizations…' })
        .expectInput({}, 'acme')
        .expectPick({ labels: ['Choose Format…', 'page_size', 'page_token'] }, { label: 'Choose Format…' })
        .expectPick({ placeholder: 'Copy as…' }, { label: 'axios' })
        .expectPick({}, 'back!')
        .expectPick({ placeholder: 'Copy as…' }, 'back!')
        .expectPick({}, { label: 'Search Organizations…' })
        .expectPick({ labels: ['acme'] }, { typed: 'globex' })
        .expectPick({}, { label: 'Choose Format…' })
        .expectPick({}, { label: 'Python requests' })
        .expectPick({}, { label: tokens[0] });
      await act('scalekit.request.copy', undefined);
      assert.ok((await clipboard()).includes(`"${sandbox.url}/api/v1/organizations:search?query=globex"`));
    });

    it('can be any that Scalekit documents, and offer the last format first', async () => {
      prompts
        .expectPick({}, { label: 'Another Request…' })
        .expectPick({}, { label: 'List organization directories' })
        .expectPick({}, { label: firstOrganization().display_name })
        .expectPick({}, { label: 'Python requests' })
        .expectPick({}, { label: tokens[0] })
        .expectPick({}, { label: 'List Organizations' })
        .expectPick(
          { labels: ['Python requests', ...formats.filter((format) => format !== 'Python requests')] },
          undefined,
        );
      await act('scalekit.request.copy', undefined);
      assert.ok(
        (await clipboard()).includes(`${sandbox.url}/api/v1/organizations/${firstOrganization().id}/directories`),
      );
      await act('scalekit.request.copy', undefined);
    });

    it('repeat the request of a document', async () => {
      prompts
        .expectPick({}, { label: 'List organizations' })
        .expectPick({}, { label: 'page_token' })
        .expectInput({}, '>:a+b/c==')
        .expectPick({}, SEND);
      await act('scalekit.request.send', undefined);
      prompts
        .expectPick({ title: 'Copy Request: List organizations' }, { label: 'Node.js fetch' })
        .expectPick({}, { label: tokens[0] });
      await act('scalekit.request.copy', (await openDocument()).uri);
      assert.ok((await clipboard()).includes(`'${sandbox.url}/api/v1/organizations?page_token=%3E%3Aa%2Bb%2Fc%3D%3D'`));
    });

    it('warn about a production token', async () => {
      await parts.stored.setProduction(id, true);
      prompts
        .expectPick({}, { label: 'List Organizations' })
        .expectPick({}, { label: 'cURL' })
        .expectPick({ labels: [tokens[0], inShell, 'Live Production Token in the Text'] }, undefined);
      await act('scalekit.request.copy', undefined);
    });

    for (const step of [1, 2, 3]) {
      it(`end silently if you cancel at step ${step}, and leave the clipboard alone`, async () => {
        prompts.expectPick({}, step === 1 ? undefined : { label: 'List Organizations' });
        if (step >= 2) prompts.expectPick({}, step === 2 ? undefined : { label: 'cURL' });
        if (step >= 3) prompts.expectPick({}, undefined);
        await act('scalekit.request.copy', undefined);
        assert.equal(await clipboard(), 'something else');
        assert.deepEqual(copiedSecrets, []);
      });
    }

    const rows: Readonly<Record<string, [row: unknown, target: string]>> = {
      'a connection': [
        { document: ['organizations', 'org_1', 'connections', 'conn_1'] },
        'organizations/org_1/connections/conn_1',
      ],
      'a user': [{ document: ['organizations', 'org_1', 'users', 'usr_1'] }, 'users/usr_1'],
      'a directory’s user, through its list': [
        { document: ['organizations', 'org_1', 'directories', 'dir_1', 'users', 'diruser_1'] },
        'organizations/org_1/directories/dir_1/users',
      ],
      'an organization’s role': [
        { document: ['organizations', 'org_1', 'roles', 'admin'] },
        'organizations/org_1/roles/admin',
      ],
      'a sign-in, through its log': [
        { document: ['organizations', 'org_1', 'sign-ins', 'auth_1'] },
        'logs/authentication/requests',
      ],
      'a permission': [{ document: ['permissions', 'read:all'] }, 'permissions/read%3Aall'],
      'a connection of the environment, through its list': [{ document: ['connections', 'conn_1'] }, 'connections'],
      'a list of users': [
        { kind: 'list', id: 'acme/organization/org_1/users', parent: ['organizations', 'org_1'] },
        'organizations/org_1/users',
      ],
      'a list of a directory’s groups': [
        { kind: 'list', id: 'acme/x/groups', parent: ['organizations', 'org_1', 'directories', 'dir_1'] },
        'organizations/org_1/directories/dir_1/groups',
      ],
      'the sign-in log': [
        { kind: 'list', id: 'acme/organization/org_1/signInLog', parent: ['organizations', 'org_1'] },
        'logs/authentication/requests',
      ],
      'the roles': [{ kind: 'list', id: 'acme/roles' }, 'roles'],
    };
    for (const [name, [row, target]] of Object.entries(rows)) {
      it(`read ${name}`, async () => {
        const { document, parent, ...rest } = row as { document?: string[]; parent?: string[] };
        const reference = (path: string[] | undefined): unknown =>
          path === undefined ? undefined : { environmentId: id, path };
        prompts.expectPick({}, { label: 'cURL' }).expectPick({}, { label: tokens[0] });
        await act('scalekit.request.copy', {
          ...rest,
          environmentId: id,
          document: reference(document),
          parent: { document: reference(parent) },
        });
        assert.equal((await clipboard()).split('\n')[0], `curl --fail-with-body '${sandbox.url}/api/v1/${target}' \\`);
      });
    }

    it('say that a row’s environment was removed, and go to no other', async () => {
      const failure = await fails(
        act('scalekit.request.copy', { document: { environmentId: 'gone', path: ['organizations', 'org_1'] } }),
      );
      assert.equal(failure.failure, 'gone');
    });
  });
});
