import { basename, join } from 'node:path';
import { projectRoot } from './project';
import { newest } from './vscodeHost';

/** The README's pictures, by the screenshot of a window test that each one is. */
const PICTURES: Readonly<Record<string, string>> = {
  'mcp-check-failed': 'mcp',
  'project-files-code': 'project-files',
  'sign-in-document': 'sign-in',
  'sandbox-page': 'sandbox',
  'webhooks-response': 'webhook',
};

/** Where a screenshot is kept for the README too, if it's one of those and they were asked for. */
export function readmePicture(screenshot: string): string | undefined {
  const name = PICTURES[basename(screenshot, `-${newest.vscode}.png`)];
  if (name === undefined || process.env['UPDATE_SCREENSHOTS'] !== '1') return undefined;
  return join(projectRoot(), `media/readme/${name}.webp`);
}
