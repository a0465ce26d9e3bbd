import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a translator doesn't change: placeholders, icons, link targets, keys, code, terminal colors. */
const KEPT = /(\{\d+\}|\$\([^)]*\)|\]\([^)]*\)|`[^`]*`|\u001b\[\d+m)/;

/** A text in an invented language with only wide letters, so that missed texts are obvious. */
export function pseudo(text: string): string {
  return text
    .split(KEPT)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(/[A-Za-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
    )
    .join('');
}

/** Adds that language to the extension installed in a folder of extensions, as a translator does, from the texts it ships. */
export async function installPseudoLanguage(extensions: string): Promise<void> {
  const name = (await readdir(extensions)).find((each) => each.startsWith('scalekit-workbench.scalekit-workbench-'));
  if (name === undefined) throw new Error("The extension isn't installed");
  for (const [base, translation] of [
    ['package.nls.json', 'package.nls.qps-ploc.json'],
    ['l10n/bundle.l10n.json', 'l10n/bundle.l10n.qps-ploc.json'],
  ] as const) {
    const texts = JSON.parse(await readFile(join(extensions, name, base), 'utf8')) as Record<string, string>;
    const translated = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pseudo(text)]));
    await writeFile(join(extensions, name, translation), JSON.stringify(translated));
  }
}

/** The words of a text that aren't translated and aren't in `data`, which comes from a server or a person. */
export function untranslatedWords(text: string, data: readonly string[]): string[] {
  let rest = text.replace(/\s/g, ' ');
  for (const known of [...data].sort((a, b) => b.length - a.length)) rest = rest.replaceAll(known, ' ');
  return rest.match(/[A-Za-z]{2,}/g) ?? [];
}
