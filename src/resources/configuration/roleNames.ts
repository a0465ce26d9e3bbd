import { ROLE_LIMITS } from '../../api/roles';

/** What a new role is called, in code and for people. */
export interface RoleNames {
  /** Empty if the text has nothing that a name in code could be made of. */
  readonly name: string;
  readonly displayName: string;
}

/** `Support Agent` becomes `support_agent`. A text that is a name in code already, such as `support_agent`, is kept. */
export function roleNames(text: string): RoleNames {
  const trimmed = text.trim();
  const isInCode = ROLE_LIMITS.name.test(trimmed) && (trimmed.includes('_') || trimmed === trimmed.toLowerCase());
  return isInCode ? { name: trimmed, displayName: titleOf(trimmed) } : { name: nameOf(trimmed), displayName: trimmed };
}

/** Letters lose their accents. Whatever else a name can't have becomes an underscore. */
function nameOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 64)
    .replace(/^_|_$/g, '');
}

/** The readable form of a name: `content_editor` becomes `Content Editor`. A name without letters stays. */
function titleOf(name: string): string {
  const words = name.split('_').filter((word) => word !== '');
  return words.length === 0 ? name : words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join(' ');
}
