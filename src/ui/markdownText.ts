import { displayText } from './displayText';

/**
 * Text from the server for a Markdown document: it's shown unchanged, as plain text. Unlike a hover, VS Code's preview
 * renders HTML, follows what other extensions add to Markdown (formulas, emoji, diagrams), and makes links of bare
 * addresses. A character reference is none of these, so everything but letters, digits and spaces becomes one.
 */
export function markdownText(text: string): string {
  return displayText(text).replace(
    /[^\p{L}\p{M}\p{N} ]/gu,
    (character) => `&#${character.codePointAt(0)?.toString() ?? ''};`,
  );
}
