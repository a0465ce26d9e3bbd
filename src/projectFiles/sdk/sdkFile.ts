/** The languages whose use of the SDK is checked. */
export type SdkLanguage = 'javascript' | 'typescript' | 'typescriptreact' | 'python';

const LANGUAGES: Readonly<Record<string, SdkLanguage>> = {
  javascript: 'javascript',
  javascriptreact: 'javascript',
  typescript: 'typescript',
  typescriptreact: 'typescriptreact',
  python: 'python',
};

const IMPORTS: Readonly<Record<SdkLanguage, RegExp>> = {
  javascript: /['"]@scalekit-sdk\/node['"]/,
  typescript: /['"]@scalekit-sdk\/node['"]/,
  typescriptreact: /['"]@scalekit-sdk\/node['"]/,
  python: /^[ \t]*(?:from|import)[ \t]+scalekit\b/m,
};

/** A line this long isn't written by a person. */
const LONGEST_LINE = 5_000;

/** The language of a file that uses Scalekit's SDK; undefined if it isn't to be checked. */
export function sdkLanguage(languageId: string, text: string): SdkLanguage | undefined {
  const language = Object.hasOwn(LANGUAGES, languageId) ? LANGUAGES[languageId] : undefined;
  return language !== undefined && IMPORTS[language].test(text) && !isMinified(text) ? language : undefined;
}

/** Whether a text is a bundle or was otherwise made by a program. */
function isMinified(text: string): boolean {
  let from = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
    if (end - from > LONGEST_LINE) return true;
    from = end + 1;
  }
  return text.length - from > LONGEST_LINE;
}
