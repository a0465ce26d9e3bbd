// The flags of the commands in package.json. Plain JavaScript without dependencies, to refuse a bad flag before installing or building.
import { parseArgs } from 'node:util';

const testGroups = [
  'lint',
  'format',
  'architecture',
  'unit',
  'fuzz',
  'contract',
  'faults',
  'package',
  'integration',
  'ui',
  'soak',
];
const editors = ['1.100.3', '1.139.1'];

const testUsage = `npm test [-- flags] [parts]
  (no flag)          the tests of the main job, in minutes
  --all              every test, in the oldest supported VS Code and the newest one
  parts              any of ${testGroups.join(', ')} (default: all but soak)
  --only PART        the same, for one part
  --grep PATTERN     only tests whose full title matches this regular expression
  --runs N           fuzz: how often to try each property (default: 300); --seed N: which seed to start from
  --desktop          download desktop VS Code, run integration in it, and add the ui tests that need it
  --workers N        how many units run at a time (default: three for two processors)
  --patience N       how many times longer than planned a test may wait (default: measured on this machine)
  --record           record how many seconds each unit takes, so that the longest start first
  --dry-run          write the titles of the tests to out/test-results.jsonl without running them`;

const commands = {
  start: {
    usage: `npm start [-- flags]
  (no flag)           start VS Code with the extension and a local Scalekit; open the address it prints, end it with Ctrl-C
  --editor VERSION    ${editors.join(' or ')} (default: ${editors.at(-1)})
  --organizations N   how many organizations the local Scalekit has (default: 250)
  --desktop           use the desktop VS Code on the PATH ("code") instead of one in the browser
  --check             no person: open the window, copy a token, call the local Scalekit with it; exit with 0 if all works
  --screenshot FILE   with --check: save a picture of the window`,
    options: {
      editor: { type: 'string', default: editors.at(-1) },
      organizations: { type: 'string', default: '250' },
      desktop: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      screenshot: { type: 'string' },
    },
    problem({ values }) {
      if (!editors.includes(values.editor)) return `--editor takes ${editors.join(' or ')}, not “${values.editor}”.`;
      if (!isCount(values.organizations, 0))
        return `--organizations takes a whole number, not “${values.organizations}”.`;
      if (values.screenshot !== undefined && !values.check) return '--screenshot goes with --check.';
      if (values.check && values.desktop)
        return '--check opens a window in the browser, so it can’t go with --desktop.';
      return undefined;
    },
  },
  test: {
    usage: testUsage,
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      grep: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
      desktop: { type: 'boolean', default: false },
      workers: { type: 'string' },
      patience: { type: 'string' },
      record: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    },
    problem({ values, positionals }) {
      const unknown = [...positionals, ...values.only].find((name) => !testGroups.includes(name));
      if (unknown !== undefined) return `There’s no part “${unknown}”.`;
      for (const name of ['runs', 'workers']) {
        if (values[name] !== undefined && !isCount(values[name], 1))
          return `--${name} takes a whole number from 1, not “${values[name]}”.`;
      }
      if (values.patience !== undefined && !(Number(values.patience) > 0))
        return `--patience takes a number above 0, not “${values.patience}”.`;
      return values.grep === undefined ? undefined : patternProblem(values.grep);
    },
  },
  steady: {
    usage: `npm run test:steady -- --times N [--busy] [flags of npm test]
  --times N   run npm test N times (default: 3), and list the tests that ever failed
  --busy      keep every processor busy meanwhile`,
    allowPositionals: true,
    options: {
      times: { type: 'string', default: '3' },
      busy: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      grep: { type: 'string' },
    },
    problem: ({ values, positionals }) =>
      isCount(values.times, 1)
        ? commands.test.problem({ values: { ...values, only: [] }, positionals })
        : `--times takes a whole number from 1, not “${values.times}”.`,
  },
  titles: {
    usage: `npm run test:titles -- BEFORE AFTER
  Compares the tests in two files written by npm test (out/test-results.jsonl), and lists the missing and new ones.`,
    allowPositionals: true,
    options: {},
    problem: ({ positionals }) => (positionals.length === 2 ? undefined : 'Two files are required.'),
  },
  bench: {
    usage: `npm run bench [-- flags]
  --runs N         how often to measure everything (default: 5)
  --no-activation  don’t start VS Code
  --readme         write the figures between <!-- speed-summary --> of README.md and <!-- speed --> of docs/speed.md`,
    options: {
      runs: { type: 'string', default: '5' },
      'no-activation': { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
    },
    problem: ({ values }) =>
      isCount(values.runs, 1) ? undefined : `--runs takes a whole number from 1, not “${values.runs}”.`,
  },
  packageSandbox: {
    usage: 'npm run package:sandbox\n  Writes the npm package of the sandbox to out/scalekit-sandbox-VERSION.tgz.',
    options: {},
  },
  package: { usage: 'npm run package\n  Writes scalekit-workbench.vsix.', options: {} },
  readme: { usage: 'npm run readme\n  Updates the tables of docs/commands.md from package.json.', options: {} },
};

/** The names of the commands that have flags. */
export const commandNames = Object.keys(commands);

/** A command line that can’t be understood. The message says why, and `usage` shows the flags. */
export class CommandLineError extends Error {
  constructor(message, usage) {
    super(message);
    this.usage = usage;
  }
}

/** What a command line asks for. `help` is the usage, if only that was requested. @throws CommandLineError */
export function parseFlags(command, flags) {
  const { usage, options, allowPositionals = false, problem } = commands[command];
  let parsed;
  try {
    parsed = parseArgs({
      args: [...flags],
      allowPositionals,
      options: { ...options, help: { type: 'boolean', short: 'h', default: false } },
    });
  } catch (error) {
    // Node also explains how to pass such a word as an argument, which doesn't help here.
    throw new CommandLineError(error.message.replace(/\. To specify[^]*$/, '.'), usage);
  }
  const { values, positionals } = parsed;
  if (values.help) return { values, positionals, help: usage };
  const wrong = problem?.(parsed);
  if (wrong !== undefined) throw new CommandLineError(wrong, usage);
  return { values, positionals };
}

function isCount(text, least) {
  return /^\d+$/.test(text) && Number(text) >= least;
}

function patternProblem(pattern) {
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    return `--grep takes a regular expression: ${error.message}.`;
  }
}
