import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readSourceTexts } from '../support/sourceTexts';
import { projectRoot } from './project';

/** The template for translations: every text of the source, as `@vscode/l10n-dev export` writes it. VS Code never reads it. */
export function l10nBundleFile(): string {
  return join(projectRoot(), 'l10n/bundle.l10n.json');
}

/** Writes that file again from the source, file by file. */
export async function writeL10nBundle(): Promise<void> {
  const texts = Object.fromEntries(readSourceTexts().translated.map(({ text }) => [text, text]));
  await mkdir(dirname(l10nBundleFile()), { recursive: true });
  await writeFile(l10nBundleFile(), `${JSON.stringify(texts, undefined, 2)}\n`);
}
