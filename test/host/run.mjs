// The start of the commands in package.json. Plain JavaScript without dependencies, because on a fresh clone nothing is installed yet:
// it reads the flags, installs, builds, and continues in this folder's compiled TypeScript.
//   node test/host/run.mjs start|test|steady|titles|package|packageSandbox|sandbox|readme|bench [flags]
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { commandNames, parseFlags } from './commandLines.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [command, ...flags] = process.argv.slice(2);
const commands = [...commandNames, 'sandbox'];

if (!commands.includes(command)) {
  console.error(`Usage: node test/host/run.mjs ${commands.join('|')} [flags]`);
  process.exit(2);
}
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Node ${process.versions.node} is too old. Use Node 20 or later.`);
  process.exit(2);
}
if (command !== 'sandbox') {
  try {
    const { help } = parseFlags(
      command,
      flags.filter((flag) => flag !== '--no-build'),
    );
    if (help !== undefined) {
      console.log(help);
      process.exit(0);
    }
  } catch (error) {
    console.error(error.usage === undefined ? error.stack : `${error.message}\n\n${error.usage}`);
    process.exit(2);
  }
}
process.chdir(root);

/** Contains the hash of the lock file that `npm ci` installed completely. npm removes it with the folder when it starts. */
const installedFile = join(root, 'node_modules/.lock-hash');

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function isInstalled() {
  return existsSync(installedFile) && readFileSync(installedFile, 'utf8') === lockHash();
}

/** Newest modification time in a folder, or of a file, in milliseconds. */
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
 * Runs one long step. Its progress lines go to stderr, so that stdout has only the command's own output. The step's output is shown
 * only if it fails.
 */
async function step(title, program, args) {
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  console.error(`${title} …`);
  const ticker = setInterval(() => console.error(`${title} … ${seconds()}`), 10_000);
  const output = [];
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && program === 'npm',
  });
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
    console.error(`${title}: failed after ${seconds()}. Fix the cause, then run the command again.`);
    if (/\b(EROFS|EACCES)\b/.test(Buffer.concat(output).toString())) {
      console.error(
        'npm needs a writable folder for its cache. Set npm_config_cache to one, and XDG_CACHE_HOME for VS Code.',
      );
    }
    if (command === 'test') console.log('0 passed, 1 failed');
    process.exit(1);
  }
  if (Buffer.concat(output).toString().includes('WARNING')) process.stderr.write(Buffer.concat(output));
  console.error(`${title}: done in ${seconds()}`);
}

const npmCli = process.env.npm_execpath;
const npm = npmCli && basename(npmCli) === 'npm-cli.js' ? [process.execPath, [npmCli]] : ['npm', []];
if (!isInstalled()) {
  await step('Installing the dependencies', npm[0], [...npm[1], 'ci', '--include=dev', '--no-audit', '--no-fund']);
  writeFileSync(installedFile, lockHash());
}

if (command === 'sandbox') {
  if (!sandboxIsBuilt()) await step('Building', process.execPath, ['esbuild.mjs']);
  const sandbox = spawn(process.execPath, ['dist/sandbox.js', ...flags], { stdio: 'inherit' });
  // Ctrl-C reaches the whole foreground group. A signal that only this process gets is forwarded.
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
