/** Characters that draw nothing, move the cursor or turn the writing direction: a name holding them could pass for another. */
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text from the server as it may stand in a label: invisible characters as escapes, so that a person sees that they are there. */
export function displayText(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for places where VS Code turns `$(name)` into an icon: pick lists, notifications, the status bar. */
export function displayTextWithoutIcons(text: string): string {
  return displayText(text).replace(/\$\(/g, '$\u200a(');
}
