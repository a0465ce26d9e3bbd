import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runMocha, type TestBundle } from './mochaRun';
import { projectRoot } from './project';

/**
 * VS Code calls this in its extension host. Rejects if a test fails.
 * Environment: WORKBENCH_TEST_GROUP (integration or soak), WORKBENCH_TEST_FILES (names with commas between), WORKBENCH_TEST_TIMEOUT
 * (milliseconds for one test), WORKBENCH_TEST_GREP, WORKBENCH_TEST_DRY_RUN.
 */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true); // Before the bundle is loaded.
  const variable = (name: string): string | undefined => process.env[`WORKBENCH_TEST_${name}`] || undefined;
  const { testFiles } = createRequire(__filename)(
    join(projectRoot(), 'out/test', `${variable('GROUP') ?? 'integration'}.js`),
  ) as TestBundle;
  const { passed, failed } = await runMocha({
    testFiles,
    files: variable('FILES')?.split(','),
    grep: variable('GREP'),
    timeout: Number(variable('TIMEOUT') ?? 30_000),
    dryRun: variable('DRY_RUN') !== undefined,
  });
  if (failed > 0) throw new Error(`${failed} of ${passed + failed} tests failed.`);
}
