import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { decodeJwt } from 'jose';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { companion, workbenchExtension } from '../support/companion';
import { dismissingQuestions } from '../support/dismiss';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

/** VS Code adds these for each view by itself. */
const OF_VIEWS = ['focus', 'open', 'resetViewLocation', 'removeView', 'toggleVisibility'];

/** What menus, keybindings and other extensions may pass by mistake or on purpose. */
function strangeArguments(): Record<string, unknown[]> {
  const throwing = new Proxy(
    {},
    {
      get: () => {
        throw new Error('a proxy that throws');
      },
    },
  );
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  return {
    nothing: [],
    undefined: [undefined],
    null: [null],
    'an empty object': [{}],
    'an empty list': [[]],
    'a text': ['x'],
    'a number': [42],
    'a function': [() => 'x'],
    'fields of wrong types': [
      { id: {}, kind: 7, environmentId: [], organizationId: null, organization: 'x' },
      'no selection',
    ],
    'a path as an id': [
      { id: '../../x', environmentId: '../x', organizationId: '../../y', organization: { id: 'a\nb' } },
    ],
    'a proxy that throws': [throwing, [throwing]],
    'a revoked proxy': [revoked],
  };
}

describe('the commands', () => {
  let manifest: Manifest;
  let workbench: vscode.ExtensionContext;

  before(async () => {
    manifest = (await workbenchExtension()).packageJSON as Manifest;
    workbench = (await companion()).workbench ?? assert.fail('it was activated before the companion');
  });

  after(async () => {
    await vscode.commands.executeCommand('scalekit.sandbox.stop');
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('that are declared are exactly the registered ones', async () => {
    const declared = manifest.contributes.commands.map(({ command }) => command).sort();
    const views = Object.values(manifest.contributes.views)
      .flat()
      .map(({ id }) => id);
    const automatic = new Set(views.flatMap((view) => OF_VIEWS.map((verb) => `${view}.${verb}`)));
    const registered = (await vscode.commands.getCommands(true))
      .filter((command) => command.startsWith('scalekit.') && !automatic.has(command))
      .sort();
    assert.deepEqual(registered, declared);
    assert.ok(declared.length > 10);
    assert.equal(new Set(declared).size, declared.length);
  });

  it('return nothing and never fail, whatever the argument, without an environment', async function () {
    this.timeout(60_000);
    await tryAll(manifest, (command) => command !== 'scalekit.sandbox.start');
    assert.deepEqual(await keptEnvironments(workbench), []);
  });

  describe('with environments', () => {
    let kept: StartedWorkbench;
    let own: Sandbox;

    before(async () => {
      own = await startSandbox({ organizations: 3 });
      // Added as in another window: the extension finds it in its own folder and secrets.
      kept = await environmentsOf(workbench);
      await kept.add({ environmentUrl: own.url, clientId: own.clientId, clientSecret: own.clientSecret });
      await dismissingQuestions(vscode.commands.executeCommand('scalekit.sandbox.start'), 20_000);
    });

    after(async () => {
      await kept.end();
      await own.close();
    });

    it('return nothing, never fail and change nothing, whatever the argument', async function () {
      this.timeout(90_000);
      const url = await activeEnvironmentUrl();
      const before = { environments: await keptEnvironments(workbench), state: valuesOf(workbench.workspaceState) };
      assert.equal(before.environments.length, 1);
      await fetch(`${url}/__sandbox/requests`, { method: 'DELETE' });

      await tryAll(manifest, (command) => command !== 'scalekit.sandbox.stop');

      const { counts } = (await (await fetch(`${url}/__sandbox/requests`)).json()) as {
        counts: Record<string, number>;
      };
      const asked = [...Object.keys(counts), ...own.requests.map(({ method, path }) => `${method} ${path}`)];
      assert.ok(
        asked.includes('POST /oauth/token') && asked.some((request) => request.startsWith('GET /api/v1/')),
        asked.join(', '),
      );
      assert.deepEqual(
        asked.filter((request) => !/^(GET |HEAD )|^POST \/oauth\/token$/.test(request)),
        [],
        'what changes something',
      );
      assert.deepEqual(
        { environments: await keptEnvironments(workbench), state: valuesOf(workbench.workspaceState) },
        before,
      );
      assert.equal(await activeEnvironmentUrl(), url);
    });

    it('put no secret into the settings or into state that windows share', async () => {
      const shared = JSON.stringify([
        vscode.workspace.getConfiguration('scalekit'),
        valuesOf(workbench.workspaceState),
        valuesOf(workbench.globalState),
      ]);
      assert.doesNotMatch(shared, /eyJ|test_/);
      assert.ok(!shared.includes(own.clientSecret));
      assert.deepEqual(workbench.globalState.keys(), []);
      assert.notDeepEqual(workbench.workspaceState.keys(), []);
    });
  });
});

/** What the extension itself stores, read as in another window. */
function environmentsOf({ globalStorageUri, secrets }: vscode.ExtensionContext): Promise<StartedWorkbench> {
  return startWorkbench({ globalStorageUri, secrets });
}

/** Its environments with their credentials, but without their last use. */
async function keptEnvironments(workbench: vscode.ExtensionContext): Promise<unknown[]> {
  const window = await environmentsOf(workbench);
  const { store } = window;
  await store.load();
  const environments = await Promise.all(
    store.list().map(async ({ id, name, host, production, state }) => ({
      id,
      name,
      host,
      production,
      state,
      ...(await store.readCredentials(id)),
    })),
  );
  await window.dispose();
  return environments;
}

/** The active environment's URL, which its tokens contain. */
async function activeEnvironmentUrl(): Promise<string> {
  await vscode.env.clipboard.writeText('');
  await vscode.commands.executeCommand('scalekit.token.copy');
  return String(decodeJwt(await vscode.env.clipboard.readText()).iss);
}

function valuesOf(state: vscode.Memento): Record<string, unknown> {
  return Object.fromEntries(state.keys().map((key) => [key, state.get(key)]));
}

/** How many commands run at once, each with all arguments. Most of the time goes into messages to the window. */
const AT_ONCE = 8;

async function tryAll({ contributes }: Manifest, suits: (command: string) => boolean): Promise<void> {
  const failures: string[] = [];
  const commands = contributes.commands.map(({ command }) => command).filter(suits);
  while (commands.length > 0) {
    // All at once, like a key held down: each new question replaces the one before.
    const group = commands.splice(0, AT_ONCE);
    const tries = group.flatMap((command) =>
      Object.entries(strangeArguments()).map(async ([name, parameters]) => {
        try {
          const result = await vscode.commands.executeCommand(command, ...parameters);
          if (result !== undefined) failures.push(`${command} with ${name} returned ${typeof result}`);
        } catch (error) {
          failures.push(`${command} with ${name}: ${String(error)}`);
        }
      }),
    );
    await dismissingQuestions(Promise.all(tries), 20_000).catch((error: unknown) =>
      failures.push(`${group.join(', ')}: ${String(error)}`),
    );
  }
  assert.deepEqual(failures, []);
}
