import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { projectRoot } from '../host/project';

/** A regular expression of the source, and its place, for example `src/ui/log.ts:12`. */
export interface WrittenPattern {
  /** Global, so that it searches the whole text. */
  readonly pattern: RegExp;
  readonly place: string;
}

/** Every regular expression literal in the source, including the sandbox. */
export function regularExpressions(): readonly WrittenPattern[] {
  const found: WrittenPattern[] = [];
  const files = readdirSync(join(projectRoot(), 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.d.ts'),
  );
  for (const file of files.sort()) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(projectRoot(), 'src', file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        const pattern = new RegExp(node.text.slice(1, end), `${node.text.slice(end + 1).replace('g', '')}g`);
        found.push({
          pattern,
          place: `src/${file.replaceAll('\\', '/')}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`,
        });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}
