import * as vscode from 'vscode';
import { DOTENV_FILES, isDotenvName, LARGEST_DOTENV_FILE } from '../core/dotenvNames';
import type { Choice } from '../ui/prompts';
import type { SecretClipboard } from '../ui/secretClipboard';
import { showStatus } from '../ui/statusMessage';
import { isComplete, readCredentials, writeDotenv, type FoundCredentials } from '../core/credentialText';
import { clientIdProblem, clientSecretProblem, environmentUrlProblem } from '../ui/credentialProblems';
import { enterCredentials, type EnterCredentialsDependencies } from './enterCredentials';
import type { EnvironmentChooser } from './environmentChooser';
import type { EnvironmentStore } from './environmentStore';
import { saveEnvironment } from './saveCredentials';
import { parseEnvironmentUrl } from '../api/client/environmentUrl';
import type { StoredEnvironments } from './storedEnvironments';
import { usableCredentials } from './usableCredentials';
import { decodeText } from './decodeText';

export interface DotenvActionsDependencies extends EnterCredentialsDependencies {
  readonly store: EnvironmentStore;
  readonly stored: StoredEnvironments;
  readonly chooser: EnvironmentChooser;
  readonly clipboard: SecretClipboard;
  /** Finds files in the workspace. Default: VS Code's search. */
  readonly findFiles?: typeof vscode.workspace.findFiles;
  /** Lets the user choose a file. Default: VS Code's dialog. */
  readonly chooseFile?: (title: string) => Promise<vscode.Uri | undefined>;
}

const NOT_LOOKED_INTO = '**/{node_modules,.git,.venv,venv,dist,out}/**';
const MOST_FILES = 200;

/** The credentials in a file, or one of several sets in it. */
interface DotenvFile {
  readonly path: string;
  readonly found: FoundCredentials;
  /** Why it can't be imported, in a sentence. */
  readonly problem?: string;
  /** Why its secret must be entered, in a sentence. */
  readonly secretProblem?: string;
}

interface FoundFiles {
  readonly files: readonly DotenvFile[];
  /** Whether the whole workspace was searched, not only the root of each folder. */
  readonly searched: boolean;
}

/** The handlers of `scalekit.environment.importDotenv` and `copyDotenv`. */
export class DotenvActions {
  constructor(private readonly dependencies: DotenvActionsDependencies) {}

  /** Import Environment from .env…: shows host and client id, and verifies them before it stores anything. */
  async import(): Promise<void> {
    const { prompts, store } = this.dependencies;
    if (!vscode.workspace.isTrusted) {
      void prompts.message(
        'warning',
        vscode.l10n.t(
          'You haven’t trusted this workspace, so the extension doesn’t read it. Trust it first, or use Add Environment….',
        ),
      );
      return;
    }
    await store.load();
    const { files, searched } = await this.findDotenvFiles();
    const file = files.length === 0 ? await this.offerAnotherWay(searched) : await this.pickFile(files, searched);
    if (file === undefined) return;
    const title = importTitle();
    const { found, path, problem, secretProblem } = file;
    if (problem !== undefined) {
      void prompts.message('warning', `${path}: ${problem}`);
      return;
    }
    const entered = await enterCredentials(
      {
        title,
        known: {
          clientId: found.clientId,
          clientSecret: secretProblem === undefined ? found.clientSecret : undefined,
          environmentUrl: found.environmentUrl === undefined ? undefined : parseEnvironmentUrl(found.environmentUrl),
        },
        verifyFirst: isComplete(found) && secretProblem === undefined,
        secretProblem: secretProblem && vscode.l10n.t('Its client secret can’t be used. {0}', secretProblem),
      },
      this.dependencies,
    );
    if (entered === undefined) return;
    await saveEnvironment(entered, this.dependencies);
    await vscode.commands.executeCommand('scalekit.organizations.focus');
  }

  private async findDotenvFiles(): Promise<FoundFiles> {
    const find = this.dependencies.findFiles ?? vscode.workspace.findFiles;
    let searched = true;
    const uris = await Promise.resolve(find(DOTENV_FILES, NOT_LOOKED_INTO, MOST_FILES)).catch(() => {
      // VS Code's search is a separate program, which may be missing or blocked.
      searched = false;
      return dotenvFilesInRoots();
    });
    const files = (await Promise.all(uris.map(readDotenvFile))).flat();
    const isBad = ({ problem }: DotenvFile): number => (problem === undefined ? 0 : 1);
    return { searched, files: files.sort((a, b) => isBad(a) - isBad(b) || a.path.localeCompare(b.path)) };
  }

  private async pickFile(files: readonly DotenvFile[], searched: boolean): Promise<DotenvFile | undefined> {
    const another: Choice<DotenvFile | 'another'> = {
      value: 'another',
      label: vscode.l10n.t('Choose a File…'),
      icon: 'folder-opened',
      separatorBefore: '',
    };
    const result = await this.dependencies.prompts.pick<DotenvFile | 'another'>({
      title: importTitle(),
      placeholder: vscode.l10n.t('Choose the file to import from'),
      choices: [...files.map(choiceOf), ...(searched ? [] : [another])],
    });
    if (result === undefined || result === 'back') return undefined;
    return result.answer === 'another' ? this.chooseAnother() : result.answer;
  }

  /** Offers other ways if no file was found. */
  private async offerAnotherWay(searched: boolean): Promise<DotenvFile | undefined> {
    const { prompts } = this.dependencies;
    const add = vscode.l10n.t('Add Environment…');
    const choose = vscode.l10n.t('Choose a File…');
    if ((vscode.workspace.workspaceFolders ?? []).length === 0) {
      const text = vscode.l10n.t(
        'No folder is open, so there is no .env file to import from. Open one, or use Add Environment…: it takes pasted .env lines too.',
      );
      if ((await prompts.message('information', text, add)) === add)
        await vscode.commands.executeCommand('scalekit.environment.add');
      return undefined;
    }
    const pressed = searched
      ? await prompts.message(
          'information',
          vscode.l10n.t('No .env file in this workspace has SCALEKIT_ variables.'),
          add,
        )
      : await prompts.message(
          'warning',
          vscode.l10n.t(
            'VS Code couldn’t search this workspace, and no .env file at the top of its folders has SCALEKIT_ variables.',
          ),
          choose,
          add,
        );
    if (pressed === choose) return this.chooseAnother();
    if (pressed === add) await vscode.commands.executeCommand('scalekit.environment.add');
    return undefined;
  }

  private async chooseAnother(): Promise<DotenvFile | undefined> {
    const uri = await (this.dependencies.chooseFile ?? chooseFile)(importTitle());
    if (uri === undefined) return undefined;
    const files = await readDotenvFile(uri);
    if (files.length === 0)
      void this.dependencies.prompts.message(
        'information',
        vscode.l10n.t('{0} has no Scalekit credentials.', vscode.workspace.asRelativePath(uri)),
      );
    return files.length < 2 ? files[0] : this.pickFile(files, true);
  }

  /** Copy Environment as .env, after a warning that it includes the secret. */
  async copy(argument: unknown): Promise<void> {
    const { chooser, prompts, store } = this.dependencies;
    const environment = await chooser.choose(
      argument,
      vscode.l10n.t('Copy Which Environment as .env?'),
      ({ state }) => state === 'ready',
    );
    if (environment === undefined) return;
    const confirmed = await prompts.confirm({
      message: environment.production
        ? vscode.l10n.t('Copy the client secret of the production environment “{0}”?', environment.name)
        : vscode.l10n.t('Copy the client secret of “{0}”?', environment.name),
      detail: [
        vscode.l10n.t(
          'The copied lines contain the client secret in plain text. Keep the file you paste them into out of version control.',
        ),
      ],
      action: vscode.l10n.t('Copy'),
    });
    if (!confirmed) return;
    const credentials = await usableCredentials(store, environment.id);
    const lines = writeDotenv(credentials);
    if (lines === undefined) {
      void prompts.message(
        'warning',
        vscode.l10n.t('This client secret contains quotes that a .env file can’t hold. Nothing was copied.'),
      );
      return;
    }
    await this.dependencies.clipboard.copy(lines);
    showStatus(vscode.l10n.t('{0} copied as .env, with its secret', environment.name));
  }
}

function importTitle(): string {
  return vscode.l10n.t('Import Scalekit Environment from .env');
}

async function dotenvFilesInRoots(): Promise<vscode.Uri[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await Promise.all(
    folders.map(async ({ uri }) => {
      const entries = await vscode.workspace.fs.readDirectory(uri).then(undefined, () => []);
      return entries
        .filter(([name, type]) => isDotenvName(name) && (type & vscode.FileType.File) !== 0)
        .map(([name]) => vscode.Uri.joinPath(uri, name));
    }),
  );
  return found.flat();
}

async function chooseFile(title: string): Promise<vscode.Uri | undefined> {
  return (
    await vscode.window.showOpenDialog({
      title,
      canSelectMany: false,
      defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
    })
  )?.[0];
}

async function readDotenvFile(uri: vscode.Uri): Promise<DotenvFile[]> {
  const path = vscode.workspace.asRelativePath(uri);
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > LARGEST_DOTENV_FILE) {
      return [{ path, found: {}, problem: vscode.l10n.t('This is too large for a .env file, so it wasn’t read.') }];
    }
    const { records } = readCredentials(decodeText(await vscode.workspace.fs.readFile(uri)));
    return records.map((found) => {
      const secretProblem = found.clientSecret === undefined ? undefined : clientSecretProblem(found.clientSecret);
      return { path, found, secretProblem, problem: problemOf(found) };
    });
  } catch {
    return [{ path, found: {}, problem: vscode.l10n.t('This file couldn’t be read.') }];
  }
}

function problemOf({ environmentUrl, clientId }: FoundCredentials): string | undefined {
  const urlFault = environmentUrl === undefined ? undefined : environmentUrlProblem(environmentUrl);
  if (urlFault !== undefined) return vscode.l10n.t('Its environment URL can’t be used. {0}', urlFault);
  const clientIdFault = clientId === undefined ? undefined : clientIdProblem(clientId);
  return clientIdFault === undefined ? undefined : vscode.l10n.t('Its client ID can’t be used. {0}', clientIdFault);
}

function choiceOf(file: DotenvFile): Choice<DotenvFile | 'another'> {
  const { found, problem, path, secretProblem } = file;
  if (problem !== undefined) return { value: file, label: path, detail: problem, icon: 'warning' };
  const missing = [
    ...(found.environmentUrl === undefined ? [vscode.l10n.t('URL')] : []),
    ...(found.clientId === undefined ? [vscode.l10n.t('client ID')] : []),
    ...(found.clientSecret === undefined ? [vscode.l10n.t('client secret')] : []),
  ];
  return {
    value: file,
    label: path,
    description:
      found.environmentUrl === undefined ? undefined : new URL(parseEnvironmentUrl(found.environmentUrl)).host,
    detail: [
      ...(found.clientId === undefined ? [] : [vscode.l10n.t('Client ID {0}', found.clientId)]),
      ...(missing.length === 0 ? [] : [vscode.l10n.t('still to enter: {0}', missing.join(', '))]),
      ...(secretProblem === undefined ? [] : [vscode.l10n.t('Its client secret can’t be used. {0}', secretProblem)]),
    ].join(' · '),
    icon: 'file',
  };
}
