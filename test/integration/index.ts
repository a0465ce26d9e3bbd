import { runMocha } from '../host/mochaRun';

/**
 * Called by VS Code in its extension host: runs every integration test. Rejects when one failed, or when there was none.
 * Environment: WORKBENCH_TEST_RESULT (file for the counts), WORKBENCH_TEST_GREP.
 */
export async function run(): Promise<void> {
  const { passed, failed } = await runMocha({
    folder: __dirname,
    grep: process.env['WORKBENCH_TEST_GREP'],
    timeout: 30_000,
    resultFile: process.env['WORKBENCH_TEST_RESULT'],
  });
  if (failed > 0) throw new Error(`${failed} of ${passed + failed} tests failed.`);
  if (passed === 0) throw new Error('No test was run.');
}
