import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sandboxPackageFile } from '../host/packageSandbox';
import { runOrThrow } from '../host/processes';
import { projectRoot } from '../host/project';
import { temporaryFolder } from '../host/temporary';

/** A folder of somebody who has installed the packed npm package of the sandbox, without a registry, and these packages of the project. */
export async function installSandboxPackage(others: readonly string[] = []): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const flags = ['install', '--offline', '--no-audit', '--no-fund', '--cache', join(folder, '.npm')];
  await runOrThrow('npm', [...flags, sandboxPackageFile()], { cwd: folder, deadline: 120_000 });
  for (const name of others) {
    const link = join(folder, 'node_modules', name);
    if (existsSync(link)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(projectRoot(), 'node_modules', name), link, 'dir');
    const { bin = {} } = JSON.parse(await readFile(join(link, 'package.json'), 'utf8')) as {
      bin?: Record<string, string>;
    };
    for (const [command, file] of Object.entries(bin))
      await symlink(join(link, file), join(folder, 'node_modules/.bin', command));
  }
  return folder;
}
