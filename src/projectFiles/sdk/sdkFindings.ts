import type { Tree } from '@lezer/common';
import { parser as javascriptParser } from '@lezer/javascript';
import { parser as pythonParser } from '@lezer/python';
import type { Finding } from '../finding';
import { javascriptFindings } from './javascriptFindings';
import { pythonFindings } from './pythonFindings';
import type { SdkLanguage } from './sdkFile';

const PARSERS = {
  javascript: javascriptParser.configure({ dialect: 'jsx' }),
  typescript: javascriptParser.configure({ dialect: 'ts' }),
  typescriptreact: javascriptParser.configure({ dialect: 'ts jsx' }),
  python: pythonParser,
};

/** Finds misuses of Scalekit's SDK in a file, in steps that may be done with pauses between them. */
export function* sdkFindings(language: SdkLanguage, text: string): Generator<void, Finding[]> {
  const tree = yield* parse(language, text);
  return yield* language === 'python' ? pythonFindings(tree, text) : javascriptFindings(tree, text);
}

function* parse(language: SdkLanguage, text: string): Generator<void, Tree> {
  const parsing = PARSERS[language].startParse(text);
  for (;;) {
    const tree = parsing.advance();
    if (tree !== null) return tree;
    yield;
  }
}
