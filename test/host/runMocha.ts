import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMocha, type TestBundle } from './mochaRun';
import { projectRoot } from './project';
import { endOnSignals } from './temporary';

// The process that runs a group of tests: node runMocha.js --group NAME [--file NAME …] --timeout MS [--grep PATTERN] [--dry-run]
const { values } = parseArgs({
  options: {
    group: { type: 'string', default: '' },
    file: { type: 'string', multiple: true },
    timeout: { type: 'string', default: '2000' },
    grep: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  },
});
endOnSignals();
process.setSourceMapsEnabled(true); // Before the bundle is loaded.
const { testFiles } = createRequire(__filename)(join(projectRoot(), 'out/test', `${values.group}.js`)) as TestBundle;
void runMocha({
  testFiles,
  files: values.file,
  grep: values.grep,
  timeout: Number(values.timeout),
  dryRun: values['dry-run'],
}).then(
  // A test that leaves a server or timer open must not hang the run.
  ({ failed }) => process.exit(failed === 0 ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
