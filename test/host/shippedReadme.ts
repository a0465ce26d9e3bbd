/**
 * The README for a VSIX while package.json names no repository. Pictures and links into the repository would be broken there, so it leaves out
 * the pictures, keeps only the text of the links, and drops what is only a link, such as "Read more".
 */
export function shippedReadme(markdown: string): string {
  const relative = String.raw`\((?!https?:|#)[^)\s]+\)`;
  return markdown
    .replaceAll(new RegExp(String.raw`^!\[[^\]]*\]${relative}\n\n?`, 'gm'), '')
    .replaceAll(new RegExp(String.raw`[ \n]\[[^\]]+\]${relative}$`, 'gm'), '')
    .replaceAll(new RegExp(String.raw`\[([^\]]+)\]${relative}`, 'g'), '$1');
}
