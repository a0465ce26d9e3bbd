/** How a list of names is written down: a TypeScript type, an object of constants, or the names themselves, one a line. */
export type NameFormat = 'union' | 'constants' | 'lines';

/**
 * Names as code that one can paste. Each name is one string literal, whatever is in it. Constants have keys in capitals, as far as that
 * gives each name a key of its own; names for which it does not are keys themselves.
 *
 * @param typeName what the type or the object is called, such as `Role`
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

/** `documents:read` as `DOCUMENTS_READ`; two names that would get the same key, or one that another name is, stay as they are. */
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
  // As a plain key this one would set the object's prototype.
  if (key === '__proto__') return `['__proto__']`;
  return /^[a-zA-Z_$][\w$]*$/.test(key) ? key : literal(key);
}

/** A string literal in single quotes; what would end it, or not be seen in it, is escaped. */
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
