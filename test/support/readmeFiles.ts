import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../host/project';

/** A code block of the package's README that is a file: its first line names it. The shell line after it runs it. */
export interface ReadmeFile {
  readonly name: string;
  readonly text: string;
  /** Undefined if nothing runs it. */
  readonly command: string | undefined;
}

/** The files in the README of the npm package. */
export function readmeFiles(): readonly ReadmeFile[] {
  const readme = readFileSync(join(projectRoot(), 'src/sandbox/package/README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
  return blocks.flatMap(({ text }, index) => {
    const name = /^(?:\/\/|#) (\S+)\n/.exec(text)?.[1];
    const next = blocks[index + 1];
    if (name === undefined) return [];
    return [{ name, text, command: next?.language === 'sh' ? next.text.trim() : undefined }];
  });
}
