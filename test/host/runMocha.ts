import { parseArgs } from 'node:util';
import { runMocha } from './mochaRun';
import { endOnSignals } from './temporary';

// The process that a part of the tests runs in: node runMocha.js --folder F [--file NAME] --timeout MS --result FILE [--grep PATTERN]
const { values } = parseArgs({
  options: { folder: { type: 'string' }, file: { type: 'string' }, timeout: { type: 'string' }, result: { type: 'string' }, grep: { type: 'string' } },
});
endOnSignals();
if (values.folder === undefined) throw new Error('--folder is missing.');
void runMocha({ folder: values.folder, file: values.file, grep: values.grep, timeout: Number(values.timeout ?? 2000), resultFile: values.result }).then(
  // A test that leaves a server or timer open must not hang the run.
  ({ passed, failed }) => process.exit(failed === 0 && passed > 0 ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
