/** A Markdown table. Its cells are Markdown already, in one line each. Numbers are columns on the right. */
export function markdownTable(
  heads: readonly { readonly text: string; readonly isNumber?: boolean }[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(heads.map(({ text }) => text)),
    line(heads.map(({ isNumber }) => (isNumber === true ? '---:' : '---'))),
    ...rows.map(line),
  ];
}
