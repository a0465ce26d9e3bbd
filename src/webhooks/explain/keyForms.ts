/** How a program may read the key in a secret. `decoded` is right: base64 of what follows `whsec_`. */
export type KeyForm = 'decoded' | 'wholeSecret' | 'withoutPrefix' | 'hex' | 'uncut' | 'withPrefix';

export interface KeyVariant {
  readonly form: KeyForm;
  readonly key: Buffer;
}

/** The keys that a signature may have been made with, the right one first. */
export function keyForms(secret: string): readonly KeyVariant[] {
  const trimmed = secret
    .trim()
    .replace(/^["'](.*)["']$/s, '$1')
    .trim();
  const [, part = ''] = secret.split('_');
  const rest = trimmed.slice(trimmed.indexOf('_') + 1);
  const variants: KeyVariant[] = [
    { form: 'decoded', key: Buffer.from(part, 'base64') },
    { form: 'uncut', key: Buffer.from(rest, 'base64') },
    { form: 'wholeSecret', key: Buffer.from(trimmed) },
    { form: 'withoutPrefix', key: Buffer.from(rest) },
    { form: 'hex', key: Buffer.from(rest, 'hex') },
    { form: 'withPrefix', key: Buffer.from(trimmed, 'base64') },
  ];
  const seen = new Set<string>();
  return variants.filter(({ key }) => {
    const text = key.toString('latin1');
    return key.length > 0 && !seen.has(text) && seen.add(text);
  });
}
