import * as vscode from 'vscode';
import type { Choice } from '../editor/prompts.js';
import { showStatus } from '../editor/statusMessage.js';
import { findCredentials, hasAny, isComplete, writeDotenv, type FoundCredentials } from './credentialText.js';
import { clientIdProblem, environmentUrlProblem } from './credentialProblems.js';
import { enterCredentials, type EnterCredentialsContext } from './enterCredentials.js';
import type { EnvironmentChooser } from './environmentChooser.js';
import type { EnvironmentStore } from './environmentStore.js';
import { keepAsEnvironment } from './keepCredentials.js';
import { parseEnvironmentUrl } from '../api/environmentUrl.js';
import type { StoredEnvironments } from './storedEnvironments.js';
import { usableCredentials } from './usableCredentials.js';

export interface DotenvActionsContext extends EnterCredentialsContext {
  readonly store: EnvironmentStore;
  readonly stored: StoredEnvironments;
  readonly chooser: EnvironmentChooser;
  /** Puts a text with a secret in it on the clipboard. */
  readonly copySecret: (text: string) => Promise<void>;
}

/** Where `.env` files may lie, and where they are not looked for. */
const DOTENV_FILES = '**/.env*';
const NOT_LOOKED_INTO = '**/{node_modules,.git,.venv,venv,dist,out}/**';
const MOST_FILES = 200;

/** No `.env` file is as large as this many bytes; what is, is not read. */
const LARGEST_FILE = 256 * 1024;

interface DotenvFile {
  readonly path: string;
  readonly found: FoundCredentials;
  /** Why it cannot be imported, in words. */
  readonly problem?: string;
}

/** Between environments and `.env` files: the handlers of `scalekit.environment.importDotenv` and `copyDotenv`. */
export class DotenvActions {
  constructor(private readonly context: DotenvActionsContext) {}

  /** Import Environment from .env…: shows host and client id, verifies, and only then stores. */
  async import(): Promise<void> {
    const { prompts, store } = this.context;
    if (!vscode.workspace.isTrusted) {
      void prompts.message('warning', vscode.l10n.t('This workspace is not trusted, so nothing is read from it. Trust it first, or use Add Environment….'));
      return;
    }
    await store.load();
    const files = await findDotenvFiles();
    if (files.length === 0) {
      const add = vscode.l10n.t('Add Environment…');
      const text =
        (vscode.workspace.workspaceFolders ?? []).length === 0
          ? vscode.l10n.t('No folder is open, so there is no .env file to import from. Open one, or use Add Environment…: it takes pasted .env lines too.')
          : vscode.l10n.t('No .env file of this workspace holds SCALEKIT_ variables.');
      const pressed = await prompts.message('information', text, add);
      if (pressed === add) await vscode.commands.executeCommand('scalekit.environment.add');
      return;
    }
    const title = vscode.l10n.t('Import Scalekit Environment from .env');
    const result = await prompts.pick({ title, placeholder: vscode.l10n.t('Choose the file to import from'), choices: files.map(choiceOf) });
    if (result === undefined || result === 'back') return;
    const { found, problem, path } = result.answer;
    if (problem !== undefined) {
      void prompts.message('warning', `${path}: ${problem}`);
      return;
    }
    const entered = await enterCredentials(
      {
        title,
        known: {
          clientId: found.clientId,
          clientSecret: found.clientSecret,
          environmentUrl: found.environmentUrl === undefined ? undefined : parseEnvironmentUrl(found.environmentUrl),
        },
        verifyFirst: isComplete(found),
      },
      this.context,
    );
    if (entered === undefined) return;
    await keepAsEnvironment(entered, this.context);
    await vscode.commands.executeCommand('scalekit.organizations.focus');
  }

  /** Copy Environment as .env, after a warning that it holds the secret. */
  async copy(argument: unknown): Promise<void> {
    const { chooser, prompts, store } = this.context;
    const environment = await chooser.choose(argument, vscode.l10n.t('Copy Which Environment as .env?'), ({ state }) => state === 'ready');
    if (environment === undefined) return;
    const confirmed = await prompts.confirm({
      message: environment.production
        ? vscode.l10n.t('Copy the client secret of the production environment “{0}”?', environment.name)
        : vscode.l10n.t('Copy the client secret of “{0}”?', environment.name),
      detail: [vscode.l10n.t('The copied lines hold the client secret in plain text. Keep the file you paste them into out of version control.')],
      action: vscode.l10n.t('Copy'),
    });
    if (!confirmed) return;
    const credentials = await usableCredentials(store, environment.id);
    const lines = writeDotenv(credentials);
    if (lines === undefined) {
      void prompts.message('warning', vscode.l10n.t('This client secret contains quotes that a .env file cannot hold. Nothing was copied.'));
      return;
    }
    await this.context.copySecret(lines);
    showStatus(vscode.l10n.t('{0} copied as .env, with its secret', environment.name));
  }
}

async function findDotenvFiles(): Promise<DotenvFile[]> {
  const uris = await vscode.workspace.findFiles(DOTENV_FILES, NOT_LOOKED_INTO, MOST_FILES);
  const files = await Promise.all(uris.map(readDotenvFile));
  return files.filter((file) => file !== undefined).sort((a, b) => a.path.localeCompare(b.path));
}

async function readDotenvFile(uri: vscode.Uri): Promise<DotenvFile | undefined> {
  const path = vscode.workspace.asRelativePath(uri);
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > LARGEST_FILE) {
      return { path, found: {}, problem: vscode.l10n.t('This is too large for a .env file, and was not read.') };
    }
    const found = findCredentials(Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8'));
    if (!hasAny(found)) return undefined;
    return { path, found, problem: problemOf(found) };
  } catch {
    return { path, found: {}, problem: vscode.l10n.t('This file could not be read.') };
  }
}

function problemOf({ environmentUrl, clientId }: FoundCredentials): string | undefined {
  const urlFault = environmentUrl === undefined ? undefined : environmentUrlProblem(environmentUrl);
  if (urlFault !== undefined) return vscode.l10n.t('Its environment URL cannot be used. {0}', urlFault);
  const clientIdFault = clientId === undefined ? undefined : clientIdProblem(clientId);
  return clientIdFault === undefined ? undefined : vscode.l10n.t('Its client ID cannot be used. {0}', clientIdFault);
}

function choiceOf(file: DotenvFile): Choice<DotenvFile> {
  const { found, problem, path } = file;
  if (problem !== undefined) return { value: file, label: path, detail: problem, icon: 'warning' };
  const missing = [
    ...(found.environmentUrl === undefined ? [vscode.l10n.t('URL')] : []),
    ...(found.clientId === undefined ? [vscode.l10n.t('client ID')] : []),
    ...(found.clientSecret === undefined ? [vscode.l10n.t('client secret')] : []),
  ];
  return {
    value: file,
    label: path,
    description: found.environmentUrl === undefined ? undefined : new URL(parseEnvironmentUrl(found.environmentUrl)).host,
    detail: [
      ...(found.clientId === undefined ? [] : [vscode.l10n.t('Client ID {0}', found.clientId)]),
      ...(missing.length === 0 ? [] : [vscode.l10n.t('still to enter: {0}', missing.join(', '))]),
    ].join(' · '),
    icon: 'file',
  };
}
