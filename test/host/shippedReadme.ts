/**
 * The README as it can stand in a VSIX while package.json names no repository: pictures and links that lead into the repository would be broken
 * there, so pictures are left out and of links the text stays.
 */
export function shippedReadme(markdown: string): string {
  const relative = String.raw`\((?!https?:|#)[^)\s]+\)`;
  return markdown
    .replaceAll(new RegExp(String.raw`^!\[[^\]]*\]${relative}\n\n?`, 'gm'), '')
    .replaceAll(new RegExp(String.raw`\[([^\]]+)\]${relative}`, 'g'), '$1');
}
