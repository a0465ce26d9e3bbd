import { join } from 'node:path';
import { projectRoot } from '../host/project';
import { tell } from '../host/testEvents';
import { versions, type EditorVersion } from '../host/vscodeHost';
import type { EditorWindow } from '../host/window';

/** The versions of VS Code to test: the one that WORKBENCH_EDITOR_VERSION names, or all. */
export function testedVersions(): readonly EditorVersion[] {
  const named = process.env['WORKBENCH_EDITOR_VERSION'];
  return versions.filter(({ vscode }) => named === undefined || vscode === named);
}

/**
 * Call it inside a `describe`. When one of its tests or hooks fails, it saves a picture of the window and its logs in
 * out/failures. It asks `window` for the window at that moment.
 */
export function keepEvidenceOfFailures(window: () => EditorWindow | undefined): void {
  const keep = async (title: string): Promise<void> => {
    const file = await window()?.keepEvidence(title, join(projectRoot(), 'out/failures'));
    if (file !== undefined) tell({ event: 'picture', title, file });
  };
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await keep(this.currentTest.fullTitle());
  });
  // A failed `before` hook leaves its tests without a state, and Mocha runs no afterEach for them.
  after(async function () {
    const suite = this.test?.parent;
    if (suite?.tests.some((test) => test.state === undefined && !test.isPending()))
      await keep(`${suite.fullTitle()} hook`);
  });
}

/**
 * Call it inside a `describe` whose tests are the steps of one journey. After a failed step, it doesn't try the others.
 */
export function eachTestNeedsTheOneBefore(): void {
  let failed: string | undefined;
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = this.currentTest.title;
  });
  beforeEach(() => {
    if (failed !== undefined) throw new Error(`Not tried, since an earlier step failed: ${failed}`);
  });
}
