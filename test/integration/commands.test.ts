import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { companion, workbenchExtension } from '../support/companion';
import { dismissingQuestions } from '../support/dismiss';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

/** VS Code makes these for each view by itself. */
const OF_VIEWS = ['focus', 'open', 'resetViewLocation', 'removeView', 'toggleVisibility'];

/** What menus, keybindings and other extensions may pass by mistake or on purpose. */
function strangeArguments(): Record<string, unknown[]> {
  const throwing = new Proxy({}, { get: () => { throw new Error('a proxy that throws'); } });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  return {
    'nothing': [],
    'undefined': [undefined],
    'null': [null],
    'an empty object': [{}],
    'an empty list': [[]],
    'a text': ['x'],
    'a number': [42],
    'a function': [() => 'x'],
    'fields of wrong types': [{ id: {}, kind: 7, environmentId: [], organizationId: null, organization: 'x' }, 'no selection'],
    'a path as an id': [{ id: '../../x', environmentId: '../x', organizationId: '../../y', organization: { id: 'a\nb' } }],
    'a proxy that throws': [throwing, [throwing]],
    'a revoked proxy': [revoked],
  };
}

describe('the commands', () => {
  let manifest: Manifest;

  before(async () => {
    manifest = (await workbenchExtension()).packageJSON as Manifest;
  });

  after(async () => {
    await vscode.commands.executeCommand('scalekit.sandbox.stop');
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('that are declared are exactly those that are registered', async () => {
    const declared = manifest.contributes.commands.map(({ command }) => command).sort();
    const views = Object.values(manifest.contributes.views).flat().map(({ id }) => id);
    const automatic = new Set(views.flatMap((view) => OF_VIEWS.map((verb) => `${view}.${verb}`)));
    const registered = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('scalekit.') && !automatic.has(command)).sort();
    assert.deepEqual(registered, declared);
    assert.ok(declared.length > 10);
    assert.equal(new Set(declared).size, declared.length);
  });

  it('return nothing and never fail, whatever they are given, without an environment', async function () {
    this.timeout(60_000);
    await tryAll(manifest, (command) => command !== 'scalekit.sandbox.start');
  });

  it('return nothing and never fail, whatever they are given, with an environment', async function () {
    this.timeout(90_000);
    await dismissingQuestions(vscode.commands.executeCommand('scalekit.sandbox.start'), 20_000);
    await tryAll(manifest, (command) => command !== 'scalekit.sandbox.stop');
  });

  it('put no secret into the settings or the state that the workspace shares', async () => {
    const { context } = await companion();
    const scalekit = vscode.workspace.getConfiguration('scalekit');
    assert.doesNotMatch(JSON.stringify(scalekit), /eyJ|test_/);
    assert.deepEqual(context.globalState.keys(), []);
  });
});

async function tryAll({ contributes }: Manifest, suits: (command: string) => boolean): Promise<void> {
  const failures: string[] = [];
  for (const { command } of contributes.commands.filter((declared) => suits(declared.command))) {
    // All at once, as a key held down does: each new question takes the place of the one before.
    const tries = Object.entries(strangeArguments()).map(async ([name, parameters]) => {
      try {
        const result = await vscode.commands.executeCommand(command, ...parameters);
        if (result !== undefined) failures.push(`${command} with ${name} returned ${typeof result}`);
      } catch (error) {
        failures.push(`${command} with ${name}: ${String(error)}`);
      }
    });
    await dismissingQuestions(Promise.all(tries), 20_000).catch((error: unknown) => failures.push(`${command}: ${String(error)}`));
  }
  assert.deepEqual(failures, []);
}
