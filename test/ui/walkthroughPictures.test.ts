import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { newest } from '../host/vscodeHost';
import { openWindow, type EditorWindow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { until } from '../support/until';
import { chooseFromMenu, runByKeyboard, typeUrlAndClientId } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

/** The sizes of the pictures: of a prompt or an editor, and of the side bar. They are small, because they are shipped. */
const WIDE = { width: 560, height: 400 };
const NARROW = { width: 304, height: 400 };
const VIEWPORT = { width: 1280, height: 800 };

/** Where the walkthrough's pictures are written: over the shipped ones only on request. */
const folder = join(
  projectRoot(),
  process.env['UPDATE_SCREENSHOTS'] === '1' ? 'media/walkthrough' : 'out/screenshots/walkthrough',
);

if (testedVersions().includes(newest)) {
  describe('The walkthrough’s pictures show the product', () => {
    let window: EditorWindow;
    let sandbox: Sandbox;

    before(async () => {
      sandbox = await startSandbox({ organizations: 25, seed: 7 });
      window = await openWindow({
        version: newest,
        vsix: vsixFile(),
        viewport: VIEWPORT,
        settings: {
          'workbench.reduceMotion': 'on',
          'editor.minimap.enabled': false,
          'workbench.tips.enabled': false,
          'editor.wordWrap': 'on',
          'editor.quickSuggestions': { strings: 'off' },
          'editor.wordBasedSuggestions': 'off',
          'files.autoSave': 'off',
        },
      });
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    /** Takes the picture of a step from this corner. The shipped one has the same size. */
    async function picture(
      step: string,
      corner: { readonly x: number; readonly y: number },
      size = WIDE,
    ): Promise<void> {
      await window.page.waitForTimeout(500); // until hovers are gone
      const file = `${step}.webp`;
      await window.pictureOf({ x: corner.x, y: corner.y, ...size }, join(folder, file));
      const expected = [size.width, size.height];
      assert.deepEqual(sizeOf(await readFile(join(folder, file))), expected);
      assert.deepEqual(sizeOf(await readFile(join(projectRoot(), 'media/walkthrough', file))), expected);
    }
    async function cornerOf(selector: string): Promise<{ x: number; y: number }> {
      return (await window.page.locator(selector).first().boundingBox()) ?? assert.fail(`there is no ${selector}`);
    }

    it('adding an environment, at the step that asks for the secret', async () => {
      await window.openView('Scalekit');
      await window.view('Organizations').getByRole('button', { name: 'Add Environment…' }).click();
      await typeUrlAndClientId(window, sandbox.url, sandbox.clientId);
      await window.page.keyboard.type(sandbox.clientSecret);
      await window.page.setViewportSize(WIDE);
      await picture('environment', { x: 0, y: 0 });
      await window.page.setViewportSize(VIEWPORT);
      await window.page.keyboard.press('Enter');
      await window.waitForRows('Organizations', (rows) => rows.length > 3);
      const [environment] = await window.waitForRows('Environments', (rows) => rows.length === 1);
      await chooseFromMenu(
        window,
        window.row('Environments', environment?.label ?? '').first(),
        'Rename Environment…',
        { in: 'Manage' },
      );
      await window.waitForPrompt(({ title }) => title.includes('Rename'));
      await window.answer('Acme Staging');
      await window.waitForRows('Environments', (rows) => rows[0]?.label === 'Acme Staging');
    });

    it('an organization and what it contains', async () => {
      const name = (await window.treeRows('Organizations'))[0]?.label ?? assert.fail('there is no organization');
      await window.row('Organizations', name).locator('.monaco-tl-twistie').click();
      await window.waitForRows('Organizations', (rows) => rows[1]?.level === 2 && !/loading/i.test(rows[1].label));
      await window.page.mouse.move(1000, 700);
      await picture('explore', await cornerOf('.part.sidebar'), NARROW);
      await window.row('Organizations', name).locator('.monaco-tl-twistie').click();
      await window.waitForRows('Organizations', (rows) => rows[1]?.level === 1);
    });

    it('an organization as a file, with a change', async () => {
      const name = (await window.treeRows('Organizations'))[0]?.label ?? assert.fail('there is no organization');
      await window.row('Organizations', name).first().click();
      const line = window.page.locator('.editor-group-container.active .view-line', { hasText: '"display_name"' });
      await line.click();
      await window.page.keyboard.press('End');
      await window.page.keyboard.press('ArrowLeft');
      await window.page.keyboard.press('ArrowLeft');
      await window.page.keyboard.type(' Group');
      await until(
        'the change',
        async () => (await window.editorText()).includes(`"display_name": "${name} Group",`),
        15_000,
      );
      await picture('edit', await cornerOf('.part.editor'));
      await window.runCommand('File: Revert File');
    });

    it('an access token and what its claims mean', async () => {
      await runByKeyboard(window, 'Scalekit: Inspect Access Token');
      await window.page
        .locator('.editor-group-container.active .view-line', { hasText: /issuer/i })
        .first()
        .waitFor();
      await window.page.mouse.move(500, 600);
      await picture('token', await cornerOf('.part.editor'));
    });

    it('the local sandbox and its organizations', async () => {
      await window.runCommand('View: Close All Editors');
      const second = (await window.treeRows('Organizations'))[1]?.label;
      await runByKeyboard(window, 'Scalekit: Start Local Sandbox');
      await window.waitForRows('Environments', (rows) => rows.some(({ label }) => label === 'Local sandbox'));
      await window.waitForRows('Organizations', (rows) => rows.length > 5 && rows[1]?.label !== second);
      await window.page.mouse.move(1000, 700);
      await picture('sandbox', await cornerOf('.part.sidebar'), NARROW);
    });
  });
}

/** Width and height of a WebP picture in pixels, with or without an alpha channel. */
function sizeOf(webp: Buffer): [number, number] {
  const format = webp.toString('latin1', 12, 16);
  if (format === 'VP8X') return [webp.readUIntLE(24, 3) + 1, webp.readUIntLE(27, 3) + 1];
  assert.deepEqual([webp.toString('latin1', 8, 12), format], ['WEBP', 'VP8 ']);
  return [webp.readUInt16LE(26) & 0x3fff, webp.readUInt16LE(28) & 0x3fff];
}
