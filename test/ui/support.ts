import { join } from 'node:path';
import { projectRoot } from '../host/project';
import { tell } from '../host/testEvents';
import { versions, type EditorVersion } from '../host/vscodeHost';
import type { EditorWindow } from '../host/window';

/** The VS Codes to open windows of: the one that WORKBENCH_EDITOR_VERSION names, else all. */
export function testedVersions(): readonly EditorVersion[] {
  const named = process.env['WORKBENCH_EDITOR_VERSION'];
  return versions.filter(({ vscode }) => named === undefined || vscode === named);
}

/**
 * Call it inside a `describe`: when a test or hook of it fails, a picture of the window and its logs are left in out/failures.
 * The function is asked for the window when that happens.
 */
export function keepEvidenceOfFailures(window: () => EditorWindow | undefined): void {
  const keep = async (title: string): Promise<void> => {
    const file = await window()?.keepEvidence(title, join(projectRoot(), 'out/failures'));
    if (file !== undefined) tell({ event: 'picture', title, file });
  };
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await keep(this.currentTest.fullTitle());
  });
  // A `before` hook that fails leaves its tests without a state, and no afterEach is run for them.
  after(async function () {
    const suite = this.test?.parent;
    if (suite?.tests.some((test) => test.state === undefined && !test.isPending()))
      await keep(`${suite.fullTitle()} hook`);
  });
}

/** Call it inside a `describe` whose tests are the steps of one journey: after a step that failed, the others are not tried. */
export function eachTestNeedsTheOneBefore(): void {
  let failed: string | undefined;
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = this.currentTest.title;
  });
  beforeEach(() => {
    if (failed !== undefined) throw new Error(`Not tried, since an earlier step failed: ${failed}`);
  });
}
