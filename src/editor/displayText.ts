/**
 * Characters that draw nothing, move the cursor or turn the writing direction: a name holding them could pass for another. The one
 * that asks for an emoji's colours is let be, and so is the joiner within an emoji.
 */
const INVISIBLE =
  /(?!\ufe0f)(?!(?<=\p{Extended_Pictographic}\ufe0f?)\u200d(?=\p{Extended_Pictographic}))[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu;

/** Text from the server as it may stand in a label: invisible characters as escapes, so that a person sees that they are there. */
export function displayText(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
    return code.length > 4 ? `\\u{${code}}` : `\\u${code}`;
  });
}

/**
 * The same for places where VS Code turns `$(name)` into an icon, or `[text](command:…)` into a link that runs a command: pick lists,
 * input boxes, notifications, the status bar.
 */
export function displayTextWithoutMarkup(text: string): string {
  return displayText(text).replace(/\$\(/g, '$\u200a(').replace(/\]\(/g, ']\u200a(');
}
