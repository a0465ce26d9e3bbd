import { runMocha } from '../host/mochaRun';

/** Called by VS Code in its extension host, as test/integration/index.ts is: runs the soak alone. */
export async function run(): Promise<void> {
  const { passed, failed } = await runMocha({ folder: __dirname, timeout: 30 * 60_000, resultFile: process.env['WORKBENCH_TEST_RESULT'] });
  if (failed > 0 || passed === 0) throw new Error(`${failed} failed, ${passed} passed.`);
}
