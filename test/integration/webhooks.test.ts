import assert from 'node:assert/strict';
import { ScalekitClient } from '@scalekit-sdk/node';
import * as vscode from 'vscode';
import { signWebhook } from '../../src/api/webhooks/signWebhook';
import { payloadSchema } from '../../src/webhooks/send/payloadSchema';
import { startHttpServer, type HttpServer } from '../support/httpServer';
import { searchText } from '../support/leakSearch';
import { freePort } from '../support/receiverClient';
import { MemoryState, startWorkbench, type StartedWorkbench } from '../support/startWorkbench';
import { openWithSelection } from '../support/selectInEditor';
import { until } from '../support/until';

const SECRET = 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=';
const GOOD = { label: 'As Scalekit Sends It' };
const MARK = 'Zaphod-Beeblebrox';

const sdk = new ScalekitClient('https://acme.scalekit.dev', 'skc_1', 'secret');

describe('webhooks in the editor', () => {
  let parts: StartedWorkbench;
  let app: HttpServer;
  let state: MemoryState;
  let target: string;

  beforeEach(async () => {
    app = await startHttpServer((seen, response) => {
      try {
        sdk.verifyWebhookPayload(SECRET, seen.headers as Record<string, string>, seen.body);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"took":true}');
      } catch {
        response.writeHead(401).end('no');
      }
    });
    target = `${app.url.replace('127.0.0.1', 'localhost')}/hooks`;
    state = new MemoryState();
    parts = await startWorkbench({ workspaceState: state });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await parts.end();
    await app.close();
    parts.prompts.assertAllUsed();
  });

  const editor = (): vscode.TextEditor => vscode.window.activeTextEditor ?? assert.fail('no editor is open');
  const shown = async (path: RegExp): Promise<string> => {
    await until('the document', () => path.test(vscode.window.activeTextEditor?.document.uri.path ?? ''), 10_000);
    const { document } = editor();
    await until(
      'the newest text',
      () => document.getText() === parts.virtualDocuments.provideTextDocumentContent(document.uri),
    );
    return document.getText();
  };
  const openPayload = async (title = 'Organization Created'): Promise<vscode.TextDocument> => {
    parts.prompts.expectPick({ title: 'Send Webhook: Which Event?' }, { label: title });
    await parts.act('scalekit.webhook.send');
    return editor().document;
  };
  const sendFirst = async (how: { label: string } = GOOD): Promise<string> => {
    parts.prompts
      .expectInput({ title: 'Webhook Target', buttons: ['secret'] }, target)
      .expectPick({ title: /^Send Webhook to localhost:/ }, how)
      .expectInput({ title: 'Webhook Secret', password: true }, SECRET);
    await parts.act('scalekit.webhook.send');
    return shown(/^\/webhooks\/sent\//);
  };

  it('opens an editable payload that’s in memory, with a schema, and asks for target and secret once', async () => {
    const document = await openPayload();
    assert.deepEqual(
      [document.uri.toString(), document.languageId, document.isUntitled],
      ['scalekit-webhook:/Organization%20Created.json', 'json', false],
    );
    await editor().edit((edit) => {
      const at = document.positionAt(document.getText().indexOf('Example Organization'));
      edit.replace(new vscode.Range(at, at.translate(0, 'Example Organization'.length)), MARK);
    });
    // Unsaved, it would be backed up to disk.
    await until('it’s saved by itself', () => !document.isDirty, 10_000);
    const schema = await vscode.workspace.openTextDocument(vscode.Uri.parse('scalekit-schema:/webhook.json'));
    assert.deepEqual(Object.keys(JSON.parse(schema.getText()) as object), Object.keys(payloadSchema(() => '')));

    const text = await sendFirst();
    assert.match(text, /^\/\/ POST http:\/\/localhost:\d+\/hooks\n/);
    assert.match(text, /\/\/ As it should, the app took it\.\n/);
    assert.match(text, /\/\/ Response: 200 OK after \d+ ms\n/);
    assert.match(text, /\{"took":true\}\n$/);
    assert.ok(app.requests[0]?.body.includes(MARK));
    assert.equal(app.requests[0]?.body, document.getText());

    await vscode.window.showTextDocument(document);
    parts.prompts.expectPick({}, { label: 'Wrong Secret' });
    await parts.act('scalekit.webhook.send', document.uri);
    assert.match(
      await shown(/^\/webhooks\/sent\/2\//),
      /\/\/ As it should, the app refused it\.\n[\s\S]*401 Unauthorized/,
    );
    assert.equal(app.requests.length, 2);
  });

  it('sends again with a new timestamp and signature, and lists everything in the Activity view', async () => {
    await openPayload('Role Created');
    await sendFirst();
    const { uri } = editor().document;
    await parts.act('scalekit.webhook.sendAgain', uri);
    await until('both', () => app.requests.length === 2);
    const [one, other] = app.requests.map(({ headers }) => headers);
    assert.notEqual(one?.['webhook-id'], other?.['webhook-id']);
    assert.notEqual(one?.['webhook-signature'], other?.['webhook-signature']);
    const { sentWebhooks } = await parts.activity();
    assert.deepEqual(
      sentWebhooks.entries.map(({ label }) => label),
      ['role.created · 200 OK', 'role.created · 200 OK'],
    );
    parts.prompts.expectMessage({ severity: 'information', text: /no longer known/ });
    await parts.act('scalekit.webhook.sendAgain', vscode.Uri.parse('scalekit-view:/webhooks/sent/999/x.jsonc'));
  });

  it('says what an app does that fails, hangs up, redirects or responds with HTML', async () => {
    await openPayload();
    app.answerWith((seen, response) => {
      if (app.requests.length === 1) response.writeHead(302, { location: 'https://elsewhere.example/' }).end();
      else if (app.requests.length === 2) response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Oops</h1>');
      else if (seen.body !== '') response.destroy();
    });
    assert.match(await sendFirst(), /A redirect to https:\/\/elsewhere\.example\/, which isn’t followed/);
    const { uri } = editor().document;
    await parts.act('scalekit.webhook.sendAgain', uri);
    assert.match(await shown(/^\/webhooks\/sent\/1\//), /500 Internal Server Error[\s\S]*\/\/ <h1>Oops<\/h1>/);
    await parts.act('scalekit.webhook.sendAgain', uri);
    assert.match(await shown(/^\/webhooks\/sent\/1\//), /The connection ended without a response/);
    await app.close();
    await parts.act('scalekit.webhook.sendAgain', uri);
    assert.match(await shown(/^\/webhooks\/sent\/1\//), /Nothing listens there\. Start your app/);
  });

  it('asks before it sends to another host, and never signs with the workspace’s secret there', async () => {
    await openPayload();
    // Nothing is ever sent there: the address is one for documentation.
    await state.update('scalekit.webhooks.target', 'http://192.0.2.1:9/hooks');
    parts.prompts.expectPick({}, GOOD).expectConfirm({ message: 'Send webhooks to 192.0.2.1:9?' }, false);
    await parts.act('scalekit.webhook.send');
    assert.equal(state.get('scalekit.webhooks.target'), undefined, 'what was refused is asked for again');
    parts.prompts
      .expectInput({ title: 'Webhook Target' }, 'http://192.0.2.1:9/hooks')
      .expectPick({}, GOOD)
      .expectConfirm({ message: 'Send webhooks to 192.0.2.1:9?', detail: /isn’t used for it/ }, true)
      .expectPick(
        { labels: ['Without a Signature', 'Sign with a Secret That You Enter Now…'] },
        {
          label: 'Sign with a Secret That You Enter Now…',
        },
      )
      .expectInput({ password: true, title: 'Webhook Secret for 192.0.2.1:9' }, undefined);
    await parts.act('scalekit.webhook.send');
  });

  it('refuses what can’t be a target or a secret, and keeps the URL that was typed', async () => {
    await openPayload();
    parts.prompts
      .expectInput({}, 'ftp://localhost')
      .expectInput({}, 'http://user:password@localhost')
      .expectInput({}, { text: target, button: 'secret' })
      .expectInput({ title: 'Replace Webhook Secret' }, 'no underscore')
      .expectInput({ title: 'Replace Webhook Secret' }, SECRET)
      .expectInput({ title: 'Webhook Target', value: target }, target)
      .expectPick({}, GOOD);
    await parts.act('scalekit.webhook.send');
    await shown(/^\/webhooks\/sent\//);
    assert.equal(parts.prompts.problems.length, 3);
    assert.equal(app.requests.length, 1);
  });

  it('asks before it sends what isn’t JSON, and says what can’t be sent out of order', async () => {
    const document = await openPayload();
    await editor().edit((edit) => edit.insert(new vscode.Position(0, 0), 'x'));
    await state.update('scalekit.webhooks.target', target);
    parts.prompts.expectPick({}, GOOD).expectConfirm({ message: 'This payload isn’t JSON.' }, false);
    await parts.act('scalekit.webhook.send', document.uri);
    parts.prompts
      .expectPick({}, { label: 'Out of Order' })
      .expectConfirm({}, true)
      .expectInput({ password: true }, SECRET)
      .expectMessage({ severity: 'error', text: /only a payload that’s a JSON object/i });
    await parts.act('scalekit.webhook.send', document.uri);
    assert.equal(app.requests.length, 0);
  });

  it('creates a secret and copies it for the app', async () => {
    await openPayload();
    await state.update('scalekit.webhooks.target', target);
    parts.prompts.expectPick({}, GOOD).expectInput({ password: true }, { text: '', button: 'create' });
    await parts.act('scalekit.webhook.send');
    assert.match(parts.copied[0] ?? '', /^whsec_[\w+/]{32}$/);
    await shown(/^\/webhooks\/sent\//);
    const [seen] = app.requests;
    assert.ok(
      sdk.verifyWebhookPayload(parts.copied[0] ?? '', seen?.headers as Record<string, string>, seen?.body ?? ''),
    );
  });

  describe('Listen for Webhooks…', () => {
    let port: number;

    beforeEach(async () => {
      port = await freePort();
    });

    const answers = (own: number | string, passOnTo: string): void =>
      void parts.prompts
        .expectInput({ step: { number: 1, of: 3 } }, String(own))
        .expectPick({ labels: ['200 OK', '500 Internal Server Error', '200 OK after 15 Seconds'] }, { label: '200 OK' })
        .expectInput({ step: { number: 3, of: 3 } }, passOnTo);
    const listen = async (passOnTo = ''): Promise<void> => {
      answers(port, passOnTo);
      parts.prompts.expectInput({ title: 'Listen for Webhooks: Secret', password: true }, SECRET);
      await parts.act('scalekit.webhook.listen');
    };
    const send = async (how = GOOD): Promise<void> => {
      await state.update('scalekit.webhooks.target', `http://localhost:${port}/hooks?x=1`);
      await openPayload('Directory User Created');
      parts.prompts.expectPick({}, how);
      await parts.act('scalekit.webhook.send');
      await shown(/^\/webhooks\/sent\//);
    };

    it('lists each webhook with its verdict, opens it as it came, and passes it on', async () => {
      await listen(new URL(app.url).port);
      await send();
      await send({ label: 'Body with One More Byte' });
      const { receivedWebhooks, view } = await parts.activity();
      await until('both', () => receivedWebhooks.entries.length === 2);
      assert.deepEqual(
        receivedWebhooks.entries.map(({ label, detail, failed }) => [label, detail, failed]),
        [
          ['directory.user_created · signature doesn’t fit', '401 Unauthorized', true],
          ['directory.user_created · signature holds', '200 OK', false],
        ],
      );
      const [bad, good] = view.getChildren(receivedWebhooks);
      await view.open(good);
      const text = await shown(/^\/webhooks\/received\/1\//);
      assert.match(text, /^\/\/ POST \/hooks\?x=1\n/);
      assert.match(text, /: signature holds\.\n\/\/ Responded: 200 OK\n/);
      assert.match(text, /\/\/ Passed on to localhost:\d+: 200 OK after \d+ ms\n/);
      assert.match(text, /\/\/ webhook-id: msg_\w+\n/);
      assert.ok(text.includes(app.requests[0]?.body ?? '-'));
      await view.open(bad);
      assert.match(await shown(/^\/webhooks\/received\/2\//), /other space at its ends/);
      parts.prompts.expectPick(
        { title: `Listening for Webhooks at http://localhost:${port}` },
        { label: 'Stop Listening' },
      );
      await parts.act('scalekit.webhook.listen');
      await assert.rejects(fetch(`http://127.0.0.1:${port}/`, { method: 'POST' }));
      // Its answers are kept for the next time.
      parts.prompts.expectInput({ value: String(port) }, undefined);
      await parts.act('scalekit.webhook.listen');
    });

    it('says that a port is taken, asks for another one, and refuses what is no port', async () => {
      const taken = new URL(app.url).port;
      answers(taken, '');
      parts.prompts
        .expectInput({ title: 'Listen for Webhooks: Secret' }, SECRET)
        .expectInput({ problem: `Another program listens on port ${taken}. Choose another one.` }, '0')
        .expectInput({}, '70000')
        .expectInput({}, 'abc')
        .expectInput({}, String(port))
        .expectPick({}, { label: '500 Internal Server Error' })
        .expectInput({}, String(port))
        .expectInput({}, '');
      await parts.act('scalekit.webhook.listen');
      assert.equal(parts.prompts.problems.length, 4);
      assert.equal((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' })).status, 500);
      await parts.act('scalekit.webhook.stopListening');
      await assert.rejects(fetch(`http://127.0.0.1:${port}/`, { method: 'POST' }));
    });

    it('keeps 200 webhooks at most', async () => {
      await listen();
      for (let sent = 0; sent < 210; sent += 10)
        await Promise.all(
          Array.from({ length: 10 }, () => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })),
        );
      const { receivedWebhooks } = await parts.activity();
      await until('200', () => receivedWebhooks.entries.length === 200);
    });
  });

  describe('Explain Webhook Signature…', () => {
    const request = (secret = SECRET): string => {
      const body = `{"id":"evt_1","type":"role.created","data":{"name":"${MARK}"}}`;
      const timestamp = Math.floor(Date.now() / 1000);
      const signature = signWebhook({ secret, id: 'msg_1', timestamp, body });
      const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
      return JSON.stringify({ headers, body: JSON.stringify(JSON.parse(body), undefined, 2) });
    };
    const explained = async (): Promise<string> => {
      let text = '';
      await until('the explanation', () => {
        const document = vscode.workspace.textDocuments.find(({ uri }) => uri.path.includes('/webhooks/explained/'));
        text = document?.getText() ?? '';
        return text !== '';
      });
      return text;
    };

    it('explains what is on the clipboard, with a typed secret, which isn’t stored or shown', async () => {
      parts.clipboard.text = request();
      parts.prompts.expectInput({ title: 'Explain Webhook Signature', password: true }, SECRET);
      await parts.act('scalekit.webhook.explain');
      const text = await explained();
      assert.match(text, /^# Why this webhook’s signature is refused\n\n## The body was parsed and written again\n/);
      assert.match(text, /\| Node\.js \| “Invalid Signature” \|/);
      assert.ok(!text.includes(SECRET.slice(6, 20)) && !text.includes(MARK));
      assert.deepEqual(state.keys(), []);
    });

    it('prefers the selection, and offers the workspace’s secret', async () => {
      await openPayload();
      await state.update('scalekit.webhooks.target', target);
      parts.prompts.expectPick({}, GOOD).expectInput({ password: true }, SECRET);
      await parts.act('scalekit.webhook.send');
      await openWithSelection(parts.globalStorageUri, request(), (document) => {
        const end = document.positionAt(document.getText().length);
        return new vscode.Selection(new vscode.Position(0, 0), end);
      });
      parts.clipboard.text = 'nothing';
      parts.prompts.expectPick({ title: /With Which Secret\?$/ }, { label: 'This Workspace’s Webhook Secret' });
      await parts.act('scalekit.webhook.explain');
      assert.match(await explained(), /parsed and written again/);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    });

    it('asks for the request if there is none, and refuses what is none', async () => {
      parts.clipboard.text = 'nothing';
      parts.prompts
        .expectInput({ title: 'Explain Webhook Signature' }, 'hello')
        .expectInput({ title: 'Explain Webhook Signature' }, undefined);
      await parts.act('scalekit.webhook.explain');
      assert.equal(parts.prompts.problems.length, 1);
    });
  });

  it('copies a handler', async () => {
    parts.prompts.expectPick({ labels: ['Express', 'Next.js', 'Fastify', 'FastAPI'] }, { label: 'FastAPI' });
    await parts.act('scalekit.webhook.copyHandler');
    assert.match(await vscode.env.clipboard.readText(), /scalekit\.verify_webhook_payload\(/);
  });

  it('keeps payloads and secrets out of the log, the state and the rows', async () => {
    const document = await openPayload();
    await editor().edit((edit) => edit.insert(document.positionAt(2), `"mark": "${MARK}",`));
    await sendFirst();
    app.answerWith((_seen, response) => void response.end(SECRET));
    await parts.act('scalekit.webhook.sendAgain', editor().document.uri);
    const echoed = await shown(/^\/webhooks\/sent\//);
    const { sentWebhooks } = await parts.activity();
    const places = {
      log: parts.log.lastLines().join('\n'),
      state: JSON.stringify(state.keys().map((key) => [key, state.get(key)])),
      rows: JSON.stringify(
        sentWebhooks.entries.map(({ label, detail, sentence, details }) => [label, detail, sentence, details]),
      ),
    };
    const needles = [
      { name: 'the secret', text: SECRET },
      { name: 'the payload', text: MARK },
    ];
    for (const [place, text] of Object.entries(places)) assert.deepEqual(searchText(place, text, needles), []);
    assert.deepEqual(searchText('document', echoed, needles.slice(0, 1)), []);
  });
});
