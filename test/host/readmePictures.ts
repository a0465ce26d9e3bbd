import { basename, join } from 'node:path';
import { projectRoot } from './project';
import { newest } from './vscodeHost';

/** A picture of the README. */
export interface ReadmePicture {
  readonly file: string;
  /** How much of the screenshot it shows, from the top, in pixels. */
  readonly height: number;
}

/** The README's pictures and their heights, by the screenshot of a window test that each one is. */
const PICTURES: Readonly<Record<string, readonly [name: string, height: number]>> = {
  'mcp-check-failed': ['mcp', 700],
  'project-files-code': ['project-files', 380],
  'sign-in-document': ['sign-in', 760],
  'sandbox-page': ['sandbox', 800],
  'webhooks-response': ['webhook', 460],
};

/** The picture of the README that a screenshot is too, if it's one of those and they were asked for. */
export function readmePicture(screenshot: string): ReadmePicture | undefined {
  const [name, height] = PICTURES[basename(screenshot, `-${newest.vscode}.png`)] ?? [];
  if (name === undefined || height === undefined || process.env['UPDATE_SCREENSHOTS'] !== '1') return undefined;
  return { file: join(projectRoot(), `media/readme/${name}.webp`), height };
}
