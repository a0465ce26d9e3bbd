/** The format of a list of names: a TypeScript type, an object of constants, or the names, one per line. */
export type NameFormat = 'union' | 'constants' | 'lines';

/**
 * Names as code to paste. Each name is one string literal, whatever it contains. Constants have uppercase keys if that
 * gives each name a key of its own. Otherwise the name itself is the key.
 *
 * @param typeName the name of the type or object, for example `Role`
 */
export function namesAsCode(names: readonly string[], format: NameFormat, typeName: string): string {
  const unique = [...new Set(names)];
  switch (format) {
    case 'lines':
      return unique.join('\n');
    case 'union':
      if (unique.length === 0) return `export type ${typeName} = never;\n`;
      return `export type ${typeName} =\n${unique.map((name) => `  | ${literal(name)}`).join('\n')};\n`;
    case 'constants': {
      const keys = keysOf(unique);
      const entries = unique
        .map((name, index) => `  ${propertyName(keys[index] ?? name)}: ${literal(name)},\n`)
        .join('');
      const body = entries === '' ? '{}' : `{\n${entries}}`;
      return `export const ${typeName} = ${body} as const;\n\nexport type ${typeName} = (typeof ${typeName})[keyof typeof ${typeName}];\n`;
    }
  }
}

/**
 * `documents:read` as `DOCUMENTS_READ`. Two names that would get the same key stay as they are, and so does one whose
 * key would be another name.
 */
function keysOf(names: readonly string[]): string[] {
  const keys = names.map(constantCase);
  const taken = new Map<string, number>();
  for (const key of keys) taken.set(key, (taken.get(key) ?? 0) + 1);
  const isFree = (key: string, name: string): boolean => taken.get(key) === 1 && (key === name || !names.includes(key));
  return names.map((name, index) => {
    const key = keys[index] ?? '';
    return key !== '' && isFree(key, name) ? key : name;
  });
}

function constantCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toUpperCase();
}

function propertyName(key: string): string {
  // As a plain key, this one would set the object's prototype.
  if (key === '__proto__') return `['__proto__']`;
  return /^[a-zA-Z_$][\w$]*$/.test(key) ? key : literal(key);
}

/** A string literal in single quotes. Escapes what would end it or be invisible in it. */
function literal(text: string): string {
  const escaped = text
    .replace(/[\\']/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, (unit) =>
      isReadable(unit) ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `'${escaped}'`;
}

function isReadable(unit: string): boolean {
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(unit);
}
