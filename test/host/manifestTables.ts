import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSubmenus, type Menus } from '../support/menus';
import { canBeTrue } from '../support/whenClause';
import { projectRoot } from './project';

interface Setting {
  readonly default?: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Menus;
    readonly keybindings?: readonly { readonly command: string; readonly key: string; readonly mac?: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
    readonly configuration: Configuration | readonly Configuration[];
  };
}

interface Configuration {
  readonly properties: Readonly<Record<string, Setting>>;
}

/** A document with its tables updated from package.json, between `<!-- commands -->` and `<!-- /commands -->` and so on. */
export function withManifestTables(text: string): string {
  const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
  const strings = JSON.parse(read('package.nls.json')) as Record<string, string>;
  const manifest = JSON.parse(
    read('package.json').replace(/"%([\w.]+)%"/g, (_, key: string) => JSON.stringify(strings[key] ?? key)),
  ) as Manifest;
  return between(between(text, 'commands', commandTable(manifest)), 'settings', settingTable(manifest));
}

/** A text with new content between `<!-- name -->` and `<!-- /name -->`. */
export function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`There is no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function commandTable({ contributes }: Manifest): string {
  const views = Object.values(contributes.views).flat();
  const rows = contributes.commands.map(({ command, title }) => {
    const inMenu = (menu: string): { readonly when: string }[] =>
      withSubmenus(contributes.menus, menu).filter((item) => item.command === command);
    const isHidden = inMenu('commandPalette').some(({ when }) => when === 'false');
    const shownIn = (items: readonly { readonly when: string }[]): string[] =>
      views.filter(({ id }) => items.some(({ when }) => canBeTrue(when, { view: id }))).map(({ name }) => name);
    const places = [
      ...(isHidden ? [] : ['Command Palette']),
      ...shownIn([...inMenu('view/title'), ...inMenu('view/item/context')]).map((name) => `${name} view`),
      ...(inMenu('editor/title').length > 0 ? ['editor'] : []),
    ];
    const keys = [
      ...new Set(
        (contributes.keybindings ?? []).filter((binding) => binding.command === command).map(({ key }) => `\`${key}\``),
      ),
    ];
    return `| ${title} | \`${command}\` | ${places.join(', ') || (command.startsWith('scalekit.projectFile.') ? 'a `.env` file' : 'a row of a list')} | ${keys.join(', ')} |`;
  });
  return ['| command | id | where | key |', '|---|---|---|---|', ...rows.sort((a, b) => a.localeCompare(b, 'en'))].join(
    '\n',
  );
}

function settingTable({ contributes }: Manifest): string {
  const settings = [contributes.configuration].flat().flatMap(({ properties }) => Object.entries(properties));
  const rows = settings.map(
    ([name, { markdownDescription, description, default: value }]) =>
      `| \`${name}\` | ${typeof value === 'object' ? 'all on' : `\`${JSON.stringify(value)}\``} | ${(markdownDescription ?? description ?? '').replaceAll('\n', ' ')} |`,
  );
  return ['| setting | default | what it does |', '|---|---|---|', ...rows].join('\n');
}
