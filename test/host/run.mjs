// Where `npm start`, `npm test`, `npm run package`, `npm run sandbox`, `npm run readme` and `npm run bench` begin. Plain JavaScript without dependencies, because on a
// fresh clone nothing is installed yet: it installs, builds, and goes on in the compiled TypeScript of this folder.
//   node test/host/run.mjs start|test|package|sandbox|readme|bench [flags]
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [command, ...flags] = process.argv.slice(2);
const commands = ['start', 'test', 'package', 'sandbox', 'readme', 'bench'];

if (!commands.includes(command)) {
  console.error(`Usage: node test/host/run.mjs ${commands.join('|')} [flags]`);
  process.exit(2);
}
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Node ${process.versions.node} is too old: Node 20 or later is needed.`);
  process.exit(2);
}
process.chdir(root);

/** The packages that the lock file names and that are not installed, or not in that version. Optional ones may be absent. */
function outdatedPackages() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  if (!existsSync(installedFile)) return Object.keys(wanted).filter((path) => path !== '');
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !(entry.optional && !installed[path]) && !entry.link)
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path);
}

/** Newest modification time below a folder or of a file, in milliseconds. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function sandboxIsBuilt() {
  const bundle = join(root, 'dist/sandbox.js');
  if (!existsSync(bundle)) return false;
  const built = statSync(bundle).mtimeMs;
  return ['src/sandbox', 'esbuild.mjs', 'package-lock.json'].every((path) => newest(join(root, path)) < built);
}

/**
 * Runs one long step. Its progress lines go to stderr, so that stdout stays the command's own; the step's output is shown
 * only when it fails.
 */
async function step(title, program, args) {
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  console.error(`${title} …`);
  const ticker = setInterval(() => console.error(`${title} … ${seconds()}`), 10_000);
  const output = [];
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' && program === 'npm' });
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      resolve(1);
    });
    child.on('close', resolve);
  });
  clearInterval(ticker);
  if (code !== 0) {
    process.stderr.write(Buffer.concat(output));
    console.error(`${title}: failed after ${seconds()}`);
    if (command === 'test') console.log('0 passed, 1 failed');
    process.exit(1);
  }
  if (Buffer.concat(output).toString().includes('WARNING')) process.stderr.write(Buffer.concat(output));
  console.error(`${title}: done in ${seconds()}`);
}

const npmCli = process.env.npm_execpath;
const npm = npmCli && basename(npmCli) === 'npm-cli.js' ? [process.execPath, [npmCli]] : ['npm', []];
if (outdatedPackages().length > 0) {
  await step('Installing the dependencies', npm[0], [...npm[1], 'ci', '--include=dev', '--no-audit', '--no-fund']);
}

if (command === 'sandbox') {
  if (!sandboxIsBuilt()) await step('Building', process.execPath, ['esbuild.mjs']);
  const sandbox = spawn(process.execPath, ['dist/sandbox.js', ...flags], { stdio: 'inherit' });
  // A Ctrl-C reaches the whole foreground group; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => sandbox.kill(signal));
  sandbox.on('exit', (code, signal) => {
    process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1));
  });
} else {
  if (!flags.includes('--no-build')) await step('Building', process.execPath, ['esbuild.mjs', '--tests']);
  const { main } = createRequire(import.meta.url)(join(root, 'out/test/host', `${command}.js`));
  try {
    process.exitCode = await main(flags.filter((flag) => flag !== '--no-build'));
  } catch (error) {
    console.error(error.message);
    if (command === 'test') console.log('0 passed, 1 failed');
    process.exitCode = 1;
  }
}
