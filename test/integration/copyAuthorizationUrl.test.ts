import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';

const CALLBACK = 'http://localhost:12456/auth/callback';

describe('Copy Authorization URL…', () => {
  let world: SandboxWorkbench;

  const clipboard = (): Thenable<string> => vscode.env.clipboard.readText();
  const copied = async (): Promise<URL> => new URL(await clipboard());

  beforeEach(async () => {
    world = await startSandboxWorkbench({ organizations: 3, seed: 1 });
    await vscode.env.clipboard.writeText('');
  });
  afterEach(() => world.end());

  it('copies the URL, and then the PKCE verifier, as a secret', async () => {
    world.prompts
      .expectPick({ title: `Copy Authorization URL of ${world.environmentName}` }, { label: 'Copy as URL' })
      .expectInput({ value: CALLBACK, step: { number: 2, of: 2 } }, CALLBACK)
      .expectMessage({ severity: 'information', buttons: ['Copy PKCE Verifier'] }, 'Copy PKCE Verifier');
    let challenge: string | null = null;
    const message = world.prompts.message.bind(world.prompts);
    Object.assign(world.prompts, {
      message: async (...args: Parameters<typeof message>) => {
        const url = await copied();
        challenge = url.searchParams.get('code_challenge');
        assert.equal(`${url.origin}${url.pathname}`, `${world.sandbox.url}/oauth/authorize`);
        assert.equal(url.searchParams.get('client_id'), world.sandbox.clientId);
        assert.equal(url.searchParams.get('redirect_uri'), CALLBACK);
        assert.equal(Buffer.from(url.searchParams.get('state') ?? '', 'base64url').length, 32);
        return message(...args);
      },
    });
    await world.act('scalekit.signIn.copyUrl', undefined);
    assert.equal(world.copied.length, 1);
    assert.equal(
      createHash('sha256')
        .update(world.copied[0] ?? '')
        .digest('base64url'),
      challenge,
    );
    assert.equal(world.redactor.redact(`verifier ${world.copied[0]}`).includes(world.copied[0] ?? ''), false);
  });

  it('selects the organization or the connection of the row', async () => {
    const { treeView } = world.organizationsView;
    const organization = await world.row(treeView, 'Looney Corp');
    const [connection] = await treeView.getChildren(await world.row(treeView, 'Looney Corp', 'SSO Connections'));
    for (const [row, name] of [
      [organization, 'organization_id'],
      [connection, 'connection_id'],
    ] as const) {
      world.prompts.expectPick({}, { label: 'Copy as URL' }).expectInput({}, CALLBACK).expectMessage({});
      await world.act('scalekit.signIn.copyUrl', row);
      assert.equal((await copied()).searchParams.get(name), row?.document?.path.at(-1));
    }
    assert.deepEqual(world.copied, [], 'no verifier unless it’s asked for');
  });

  it('copies calls of the official SDKs, which read the credentials from variables', async () => {
    for (const [format, start] of [
      ['Node.js SDK', 'import { createHash'],
      ['Python SDK', 'import base64'],
      ['Go SDK', 'package main'],
    ] as const) {
      world.prompts
        .expectPick({}, { label: `Copy as Call of the ${format}` })
        .expectInput({}, 'https://app.example.com/cb');
      await world.act('scalekit.signIn.copyUrl', world.environmentId);
      const text = await clipboard();
      assert.ok(text.startsWith(start), text);
      assert.ok(text.includes('"https://app.example.com/cb"'));
      assert.ok(!text.includes(world.sandbox.clientSecret));
    }
  });

  it('goes back from the redirect URI to the choices, refuses what is no address, and remembers the last one', async () => {
    world.prompts
      .expectPick({}, { label: 'Copy as URL' })
      .expectInput({}, 'back!')
      .expectPick({}, { label: 'Copy as URL' })
      .expectInput({}, 'https://app.example.com/cb')
      .expectMessage({});
    await world.act('scalekit.signIn.copyUrl', undefined);
    world.prompts
      .expectPick({}, { label: 'Copy as URL' })
      .expectInput({ value: 'https://app.example.com/cb' }, undefined);
    await world.act('scalekit.signIn.copyUrl', undefined);
    for (const [typed, problem] of [
      ['localhost/cb', 'Enter a whole address, with its scheme.'],
      ['https://app.example.com/cb?x=1', 'A redirect URI has no query and no fragment.'],
      ['https://app.example.com/cb#x', 'A redirect URI has no query and no fragment.'],
    ] as const) {
      world.prompts.expectPick({}, { label: 'Copy as URL' }).expectInput({}, typed).expectInput({}, undefined);
      await world.act('scalekit.signIn.copyUrl', undefined);
      assert.equal(world.prompts.problems.at(-1), problem);
    }
  });
});
