import * as vscode from 'vscode';
import { parseEnvironmentUrl } from '../api/client/environmentUrl';
import { readCredentials, type FoundCredentials } from '../core/credentialText';
import { DOTENV_FILES, LARGEST_DOTENV_FILE } from '../core/dotenvNames';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { valueKind } from '../core/valueKind';

export interface DotenvLensesDependencies {
  readonly environments: Pick<EnvironmentAccess, 'ready' | 'get'>;
  readonly findStored: (environmentUrl: string, clientId: string) => Promise<string | undefined>;
}

/** One line above the credentials of a `.env` file: whose they are, and what can be done with them. */
export class DotenvLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly registration = vscode.languages.registerCodeLensProvider({ pattern: DOTENV_FILES }, this);

  readonly onDidChangeCodeLenses = this.changes.event;

  constructor(private readonly dependencies: DotenvLensesDependencies) {}

  /** Asks VS Code to read the lenses again. */
  refresh(): void {
    this.changes.fire();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.isTrusted) return [];
    const text = document.getText();
    if (text.length > LARGEST_DOTENV_FILE || text.includes('\0')) return [];
    const found = usableRecord(text);
    if (found === undefined) return [];
    const { environments, findStored } = this.dependencies;
    await environments.ready();
    const id = await findStored(found.environmentUrl, found.clientId);
    const environment = id === undefined ? undefined : environments.get(id);
    const line =
      text.slice(0, Math.max(0, text.search(/^[ \t]*(?:export[ \t]+)?\w*(?:SCALEKIT|SK_|CLIENT_ID)/m))).split('\n')
        .length - 1;
    const lens = (title: string, command: string, ...given: unknown[]): vscode.CodeLens =>
      new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: given });
    if (environment === undefined)
      return [lens(vscode.l10n.t('Scalekit: Add Environment…'), 'scalekit.projectFile.addEnvironment', document.uri)];
    return [
      lens(
        environment.production
          ? vscode.l10n.t('Scalekit: {0} (production)', environment.name)
          : vscode.l10n.t('Scalekit: {0}', environment.name),
        'scalekit.environment.switch',
        environment.id,
      ),
      lens(vscode.l10n.t('Test'), 'scalekit.environment.test', environment.id),
      lens(vscode.l10n.t('Copy Token'), 'scalekit.token.copy', environment.id),
    ];
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }
}

/** A text's URL and client ID, if it's clear which ones they are. */
function usableRecord(text: string): { readonly environmentUrl: string; readonly clientId: string } | undefined {
  const { records, named } = readCredentials(text);
  const [only] = records;
  if (!named || records.length !== 1 || only === undefined || !isReal(only)) return undefined;
  try {
    return { environmentUrl: parseEnvironmentUrl(only.environmentUrl), clientId: only.clientId };
  } catch {
    return undefined;
  }
}

function isReal(
  found: FoundCredentials,
): found is FoundCredentials & { readonly environmentUrl: string; readonly clientId: string } {
  return [found.environmentUrl, found.clientId].every(
    (value) => value !== undefined && !['placeholder', 'reference', 'masked'].includes(valueKind(value)),
  );
}
