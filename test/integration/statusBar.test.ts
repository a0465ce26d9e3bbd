import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { StatusBar } from '../../src/tokens/statusBar';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

const HOUR = 3_600_000;

describe('the environment in the status bar', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let bar: StatusBar;
  let item: vscode.StatusBarItem;
  let visible: boolean;
  /** How often it was drawn or hidden. */
  let drawn: number;
  let clock: number;

  /** Lines of the hover, without the escapes that keep names from being Markdown. */
  const hover = (): string[] => {
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    return item.tooltip.value
      .replaceAll('&nbsp;', ' ')
      .replace(/\\([^a-zA-Z0-9\s])/g, '$1')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  };
  const fact = (label: string): string | undefined =>
    hover()
      .find((line) => line.startsWith(`${label}: `))
      ?.slice(label.length + 2);
  const keep = (more: { clientId?: string; production?: boolean; tokensOnly?: boolean } = {}): Promise<string> =>
    parts.stored
      .add({
        credentials: {
          environmentUrl: sandbox.url,
          clientId: more.clientId ?? sandbox.clientId,
          clientSecret: sandbox.clientSecret,
        },
        production: more.production ?? false,
        tokensOnly: more.tokensOnly ?? false,
      })
      .then(({ id }) => id);
  const nameOf = (id: string): string => parts.environments.get(id)?.name ?? assert.fail(`${id} is gone`);

  before(async () => {
    sandbox = await startSandbox({ organizations: 1 });
  });
  after(() => sandbox.close());

  beforeEach(async () => {
    // Noon, so that 24 hours later is tomorrow in any time zone.
    clock = new Date(2030, 5, 10, 12, 0).getTime();
    parts = await startWorkbench({ now: () => clock });
    item = vscode.window.createStatusBarItem('scalekit.test.environment', vscode.StatusBarAlignment.Left);
    visible = false;
    drawn = 0;
    // VS Code doesn't say whether an item is shown.
    const [show, hide] = [item.show.bind(item), item.hide.bind(item)];
    const becomes = (shown: boolean, change: () => void) => (): void => {
      visible = shown;
      drawn++;
      change();
    };
    Object.assign(item, { show: becomes(true, show), hide: becomes(false, hide) });
    bar = new StatusBar(parts.environments, () => clock, item);
    await parts.store.load();
  });
  afterEach(async () => {
    bar.dispose();
    await parts.end();
  });

  it('is hidden while there is none, and after you remove the last one', async () => {
    assert.equal(visible, false);
    const id = await keep();
    await until('it is shown', () => visible);
    await parts.stored.remove(id);
    await until('it is hidden', () => !visible);
  });

  it('shows its name, switches on a click, and says to a screen reader what it is', async () => {
    const id = await keep();
    await until('it is shown', () => visible);
    assert.equal(item.text, `$(key) ${nameOf(id)}`);
    assert.equal(item.name, 'Scalekit Environment');
    assert.equal(item.command, 'scalekit.environment.switch');
    assert.equal(item.accessibilityInformation?.label, `Scalekit environment ${nameOf(id)}`);
    assert.ok(!hover().some((line) => line.includes('Production')));
    assert.equal(item.backgroundColor, undefined);
  });

  it('shows production by color, icon and word, also in the hover and to a screen reader', async () => {
    const id = await keep({ production: true });
    await until('it is shown', () => visible);
    assert.equal(item.text, `$(shield) ${nameOf(id)} (production)`);
    assert.equal((item.backgroundColor as vscode.ThemeColor | undefined)?.id, 'statusBarItem.warningBackground');
    assert.ok(hover().includes('$(shield) Production'));
    assert.equal(item.accessibilityInformation?.label, `Scalekit production environment ${nameOf(id)}`);
  });

  it('looks no different if it’s tokens only', async () => {
    const id = await keep({ tokensOnly: true });
    await until('it is shown', () => visible);
    assert.equal(item.text, `$(key) ${nameOf(id)}`);
    assert.match(hover().at(-1) ?? '', /Copy token/);
  });

  it('shows in its hover host, client and the token’s age, as far as they’re known without a request', async () => {
    const id = await keep();
    await until('it is shown', () => visible);
    assert.equal(hover()[0], `**Scalekit** · ${nameOf(id)}`);
    assert.equal(fact('Host'), new URL(sandbox.url).host);
    assert.equal(fact('Client ID'), undefined);
    assert.ok(hover().includes('No access token fetched yet'));
    sandbox.clearRequests();

    const { tokens } = await parts.environments.client(id);
    await until('the client', () => fact('Client ID') === sandbox.clientId);
    assert.ok(hover().includes('No access token fetched yet'));
    assert.deepEqual(sandbox.requests, []);

    await tokens.get();
    await until('the token', () => fact('Token fetched') !== undefined);
    assert.equal(fact('Token fetched'), '12:00');
    assert.equal(fact('Token valid until'), '11:59 tomorrow');
    assert.ok(!hover().includes('No access token fetched yet'));

    clock += 3 * HOUR;
    await tokens.fetchNew();
    await until('the newer one', () => fact('Token fetched') === '15:00');
    assert.equal(fact('Token valid until'), '14:59 tomorrow');
    assert.ok(!JSON.stringify([item.text, item.tooltip]).includes((await tokens.get()).value));
  });

  it('has links to copy, inspect and switch in its hover, and can run nothing else', async () => {
    await keep();
    await until('it is shown', () => visible);
    const { tooltip } = item;
    assert.ok(tooltip instanceof vscode.MarkdownString);
    const links = [...tooltip.value.matchAll(/\[([^\]]+)\]\(command:([\w.]+)\)/g)].map(([, label, command]) => [
      label,
      command,
    ]);
    assert.deepEqual(links, [
      ['$(copy) Copy token', 'scalekit.token.copy'],
      ['$(search) Inspect token', 'scalekit.token.inspect'],
      ['$(arrow-swap) Switch environment', 'scalekit.environment.switch'],
    ]);
    assert.deepEqual(tooltip.isTrusted, { enabledCommands: links.map(([, command]) => command) });
    const registered = await vscode.commands.getCommands(true);
    for (const [, command] of links) assert.ok(registered.includes(command ?? ''), command);
  });

  it('never shows a name as an icon or a link', async () => {
    const id = await keep();
    await parts.stored.rename(id, '$(flame) [x](command:workbench.action.quit) \u202eevil');
    await until('the name', () => item.text.includes('flame'));
    assert.doesNotMatch(item.text.replace('$(key) ', ''), /\$\(|\u202e/);
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.doesNotMatch(item.tooltip.value, /(?<!\\)\[x\]|\u202e/);
  });

  it('changes on a switch, a new name, a mark, or a new token of the active environment, but not of others', async () => {
    const first = await keep();
    const second = await keep({ clientId: 'skc_2' });
    await parts.store.setActive(first);
    await until('the first', () => item.text.includes(nameOf(first)));
    await parts.store.setActive(second);
    await until('the second', () => item.text === `$(key) ${nameOf(second)}`);
    await parts.stored.rename(second, 'Renamed');
    await until('its name', () => item.text === '$(key) Renamed');
    await parts.stored.setProduction(second, true);
    await until('its mark', () => item.text === '$(shield) Renamed (production)');
    const before = drawn;
    await (await parts.environments.client(first)).tokens.get();
    await until('the token', () => parts.environments.tokenStatus(first)?.fetchedAt !== undefined);
    assert.equal(drawn, before);
    await parts.store.setActive(first);
    await until('the first again', () => fact('Token fetched') === '12:00');
  });

  it('isn’t redrawn as time passes', async () => {
    const id = await keep();
    await until('it is shown', () => visible);
    await (await parts.environments.client(id)).tokens.get();
    await until('the token', () => fact('Token fetched') !== undefined);
    const before = drawn;
    clock += 25 * HOUR;
    await delay(1_500);
    assert.equal(drawn, before);
  });

  describe('has the same hover as its row,', () => {
    const rowHover = async (id: string): Promise<vscode.MarkdownString> => {
      const { environmentsView: view } = parts;
      const row = (await view.getChildren()).find((each) => each.id === id) ?? assert.fail('it has no row');
      const { tooltip } = view.resolveTreeItem(view.getTreeItem(row), row);
      return tooltip instanceof vscode.MarkdownString ? tooltip : assert.fail('it has no hover');
    };

    it('while it’s active', async () => {
      const id = await keep({ production: true });
      await until('it is shown', () => visible);
      await (await parts.environments.client(id)).tokens.get();
      await until('the token', () => fact('Token fetched') !== undefined);
      assert.deepEqual(await rowHover(id), item.tooltip);
      assert.ok(hover().includes('Credentials in VS Code’s secret storage'));
    });

    it('with links to that environment while another one is active', async () => {
      const [first, second] = [await keep(), await keep({ clientId: 'skc_2' })];
      await parts.store.setActive(first);
      const { value, isTrusted } = await rowHover(second);
      const links = [...value.matchAll(/\]\(command:([\w.]+)\?([^)]+)\)/g)].map(([, command, argument = '']) => [
        command,
        JSON.parse(decodeURIComponent(argument)),
      ]);
      assert.deepEqual(links, [
        ['scalekit.token.copy', [second]],
        ['scalekit.token.inspect', [second]],
        ['scalekit.environment.switch', [second]],
      ]);
      assert.deepEqual(isTrusted, { enabledCommands: links.map(([command]) => command) });
    });

    it('again after a new token, since VS Code keeps a hover until the row is redrawn', async () => {
      const id = await keep();
      const { environmentsView: view } = parts;
      let redrawn = 0;
      const listener = view.onDidChangeTreeData(() => redrawn++);
      try {
        await (await parts.environments.client(id)).tokens.get();
        await until('the token', () => parts.environments.tokenStatus(id)?.fetchedAt !== undefined);
        assert.equal(redrawn, 0, 'nobody has looked');
        await rowHover(id);
        await (await parts.environments.client(id)).tokens.fetchNew();
        assert.ok(redrawn > 0);
      } finally {
        listener.dispose();
      }
    });
  });
});
