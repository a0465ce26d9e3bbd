import { displayText } from './displayText';

/** Without these, there's no bare web or email address. */
const PARTS_OF_ADDRESSES = new Set(['/', '@']);

/**
 * Text from the server for a Markdown document: it's shown unchanged, as plain text. Unlike a hover, VS Code's preview
 * renders HTML, follows what other extensions add to Markdown (formulas, emoji, diagrams), and makes links of bare
 * addresses. A character reference is none of these, so everything but letters, digits and spaces becomes one. In older
 * versions of VS Code, an address of character references is a link too, unless empty comments part it.
 */
export function markdownText(text: string): string {
  return displayText(text).replace(
    /[^\p{L}\p{M}\p{N} ]/gu,
    (character) =>
      `&#${character.codePointAt(0)?.toString() ?? ''};${PARTS_OF_ADDRESSES.has(character) ? '<!---->' : ''}`,
  );
}
