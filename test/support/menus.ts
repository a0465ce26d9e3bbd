import { canBeTrue, isTrue, type Context } from './whenClause';

/** An entry of a menu in package.json. */
export interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

export type Menus = Readonly<Record<string, readonly MenuEntry[]>>;

/** The entries of a menu with those of its submenus, which appear only where the submenu does. */
export function withSubmenus(menus: Menus, menu: string): readonly (MenuEntry & { readonly when: string })[] {
  return (menus[menu] ?? []).flatMap((entry) => {
    const { submenu, when = '' } = entry;
    return submenu === undefined
      ? [{ ...entry, when }]
      : [
          { ...entry, when },
          ...withSubmenus(menus, submenu).map((inner) => ({ ...inner, when: bothOf(when, inner.when) })),
        ];
  });
}

/**
 * The entries that a menu shows at its top level, without icons beside rows. Unknown context keys may have any value.
 */
export function topLevel(menus: Menus, menu: string, context: Context): MenuEntry[] {
  const isShown = ({ when = '', group = '' }: MenuEntry): boolean =>
    !group.startsWith('inline') && canBeTrue(when, context);
  return (menus[menu] ?? []).filter(
    (entry) =>
      isShown(entry) &&
      // VS Code hides an empty submenu.
      (entry.submenu === undefined || topLevel(menus, entry.submenu, context).length > 0),
  );
}

/** The commands that the Command Palette shows in a complete context. It never shows disabled ones. */
export function paletteCommands(
  commands: readonly { readonly command: string; readonly enablement?: string }[],
  menus: Menus,
  context: Context,
): string[] {
  const whens = new Map((menus['commandPalette'] ?? []).map(({ command, when }) => [command, when]));
  return commands
    .filter(({ command, enablement = '' }) => isTrue(whens.get(command) ?? '', context) && isTrue(enablement, context))
    .map(({ command }) => command);
}

function bothOf(one: string, other: string): string {
  const parts = [one, other].filter((when) => when !== '').map((when) => (when.includes('||') ? `(${when})` : when));
  return parts.join(' && ');
}
