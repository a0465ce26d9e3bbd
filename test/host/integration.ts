import { chmod, copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { cacheFolder, projectRoot } from './project';
import { endOnSignals, removeTemporaryFolder, temporaryFolder } from './temporary';
import { newest } from './vscodeHost';

// The process that runs the integration tests in one VS Code:
//   node integration.js --editor 1.100.3 [--log FILE] [--grep PATTERN] [--file NAME …] [--desktop] [--group soak] [--timeout MS] [--dry-run]
// --desktop downloads that version of desktop VS Code; VSCODE_EXECUTABLE names an installed one. The default is code-server.
async function integration(): Promise<void> {
  const { values } = parseArgs({
    options: {
      editor: { type: 'string', default: newest.vscode },
      log: { type: 'string' },
      grep: { type: 'string' },
      file: { type: 'string', multiple: true },
      desktop: { type: 'boolean', default: false },
      group: { type: 'string', default: 'integration' },
      timeout: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const root = projectRoot();
  const temporary = await temporaryFolder();
  try {
    await installCompanion(root, join(temporary, 'extensions'));
    await runTests({
      vscodeExecutablePath: await executable(values.editor, values.desktop),
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, 'out/test/host/extensionHostTests.js'),
      launchArgs: [
        await mkdtemp(join(temporary, 'workspace-')),
        `--user-data-dir=${join(temporary, 'user-data')}`,
        `--extensions-dir=${join(temporary, 'extensions')}`,
      ],
      extensionTestsEnv: {
        ...withoutScalekit(),
        WORKBENCH_EDITOR_VERSION: values.editor,
        WORKBENCH_TEST_GROUP: values.group,
        WORKBENCH_TEST_FILES: values.file?.join(','),
        WORKBENCH_TEST_TIMEOUT: values.timeout,
        WORKBENCH_TEST_GREP: values.grep,
        WORKBENCH_TEST_DRY_RUN: values['dry-run'] ? '1' : undefined,
        WORKBENCH_EDITOR_LOG: values.log,
      },
    });
  } finally {
    await removeTemporaryFolder(temporary);
  }
}

/**
 * Installs the companion of the tests, which has a real extension context for them and times the activation. It isn't a
 * second extension under development, because a browser window allows only one.
 */
async function installCompanion(root: string, extensions: string): Promise<void> {
  const folder = join(extensions, 'scalekit-workbench-tests.companion-0.0.0');
  await mkdir(folder, { recursive: true });
  await copyFile(join(root, 'test/integration/companion/package.json'), join(folder, 'package.json'));
  await copyFile(join(root, 'out/test/integration/companion/extension.js'), join(folder, 'extension.js'));
}

async function executable(version: string, desktop: boolean): Promise<string> {
  const given = process.env['VSCODE_EXECUTABLE'];
  if (given) return given;
  if (desktop) return downloadAndUnzipVSCode({ version, cachePath: join(cacheFolder(), 'desktop') });
  const launcher = join(projectRoot(), 'out/test/host/launcher.js');
  await chmod(launcher, 0o755);
  return launcher;
}

/** The developer's own credentials must not become an environment in the tests. */
function withoutScalekit(): Record<string, undefined> {
  return Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith('SCALEKIT_'))
      .map((name) => [name, undefined]),
  );
}

endOnSignals();
integration().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
