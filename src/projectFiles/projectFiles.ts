import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { sdkVersion } from 'scalekit:sdk-members';
import { LARGEST_DOTENV_FILE } from '../core/dotenvNames';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { lazy } from '../core/lazy';
import { dotenvEntries } from './dotenvEntries';
import { fileName, isDotenv } from './dotenvFile';
import { dotenvFindings, isExampleName, secretEntries } from './dotenvFindings';
import { DotenvLenses } from './dotenvLenses';
import { enabledChecks } from './enabledChecks';
import type { Check, Finding } from './finding';
import { documentationOf, findingSentence } from './findingWords';
import { FindingActions } from './findingActions';
import { GitTracking } from './gitTracking';
import { inSlices } from './inSlices';
import { sdkLanguage } from './sdk/sdkFile';
import { SecretDigests } from './secretDigests';
import { mayHoldSecret, storedSecretFindings } from './storedSecretFindings';

export interface ProjectFilesDependencies {
  readonly environments: Pick<EnvironmentAccess, 'ready' | 'list' | 'get' | 'onDidChange'>;
  /** The secret of a stored environment; undefined if it can't be read. */
  readonly readSecret: (environmentId: string) => Promise<string | undefined>;
  /** The stored environment with this URL and client. */
  readonly findStored: (environmentUrl: string, clientId: string) => Promise<string | undefined>;
  /** Milliseconds, from any point in time. Default: the process's clock. */
  readonly clock?: () => number;
}

/** Where people's files are. Others, such as output channels and our own documents, aren't read. */
const SCHEMES = new Set(['file', 'untitled', 'vscode-remote', 'vscode-vfs']);

/** In characters. Larger texts aren't read. */
const LARGEST_TEXT = 1024 * 1024;

/** How long to wait after a change, in milliseconds, so that typing isn't followed letter by letter. */
const AFTER_TYPING_MS = 300;

/** What the checks found in one version of a document. */
export interface CheckedDocument {
  readonly version: number;
  readonly findings: readonly Finding[];
}

/** Checks the documents that are open, in trusted workspaces only, and marks what it finds. */
export class ProjectFiles implements vscode.Disposable {
  private readonly diagnostics = vscode.languages.createDiagnosticCollection('scalekit-project-files');
  private readonly git = new GitTracking();
  private readonly checked = new Map<string, CheckedDocument>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  /** Counts the checks of each document. A check that isn't the newest one any more is dropped. */
  private readonly turns = new Map<string, number>();
  private digests: Promise<SecretDigests> | undefined;
  private isDisposed = false;
  private readonly sdkFindings = lazy(async () => (await import('./sdk/sdkFindings')).sdkFindings);
  private readonly lenses: DotenvLenses;
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly dependencies: ProjectFilesDependencies) {
    const { environments } = dependencies;
    this.lenses = new DotenvLenses(dependencies);
    this.disposables = [
      this.diagnostics,
      this.git,
      this.lenses,
      vscode.languages.registerCodeActionsProvider(
        [...SCHEMES].map((scheme) => ({ scheme })),
        new FindingActions((document) => this.findingsOf(document)),
        { providedCodeActionKinds: FindingActions.kinds },
      ),
      this.git.onDidChange(() => this.checkAll(({ uri }) => isDotenv(uri))),
      environments.onDidChange(() => {
        this.digests = undefined;
        this.lenses.refresh();
        this.checkAll();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.checkSoon(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document.uri)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.checkAll()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('scalekit.projectFiles.checks')) this.checkAll();
      }),
    ];
    this.checkAll();
  }

  /** Checks a document at once, and marks what was found. Does nothing for documents that aren't a project's files. */
  async check(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    const turn = (this.turns.get(key) ?? 0) + 1;
    this.turns.set(key, turn);
    const { version } = document;
    const isOutdated = (): boolean =>
      this.isDisposed || document.isClosed || document.version !== version || this.turns.get(key) !== turn;
    const findings = await this.find(document, isOutdated);
    if (isOutdated() || findings === undefined) return;
    if (findings.length === 0) {
      this.checked.delete(key);
      this.diagnostics.delete(document.uri);
      return;
    }
    this.checked.set(key, { version, findings });
    this.diagnostics.set(
      document.uri,
      findings.map((finding) => this.diagnosticOf(document, finding)),
    );
  }

  /** What is marked in a document, unless it has changed since. */
  findingsOf(document: vscode.TextDocument): readonly Finding[] {
    const checked = this.checked.get(document.uri.toString());
    return checked?.version === document.version ? checked.findings : [];
  }

  dispose(): void {
    this.isDisposed = true;
    for (const timer of this.waiting.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** Checks a document after a moment, unless it changes again meanwhile. */
  checkSoon(document: vscode.TextDocument, delay = AFTER_TYPING_MS): void {
    if (!SCHEMES.has(document.uri.scheme)) return;
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.set(
      key,
      setTimeout(() => void this.check(document), delay),
    );
  }

  private checkAll(which: (document: vscode.TextDocument) => boolean = () => true): void {
    for (const document of vscode.workspace.textDocuments) if (which(document)) this.checkSoon(document, 0);
  }

  private forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    this.turns.delete(key);
    this.checked.delete(key);
    this.diagnostics.delete(uri);
  }

  /** What is in a document; undefined if it became outdated. */
  private async find(document: vscode.TextDocument, isOutdated: () => boolean): Promise<Finding[] | undefined> {
    if (!vscode.workspace.isTrusted || !SCHEMES.has(document.uri.scheme)) return [];
    const checks = enabledChecks(
      vscode.workspace.getConfiguration('scalekit.projectFiles', document.uri).get('checks'),
    );
    if (checks.size === 0) return [];
    const text = document.getText();
    // A NUL is in no text, so this is a binary file, or one that was read in the wrong encoding.
    if (text.length > LARGEST_TEXT || text.includes('\0')) return [];
    const host = { now: this.dependencies.clock ?? (() => performance.now()), pause: () => setImmediate(), isOutdated };
    const found: Finding[] = [];
    const add = async (work: Generator<void, Finding[]>): Promise<void> => {
      found.push(...((await inSlices(work, host)) ?? []));
    };
    if (checks.has('storedSecrets') && mayHoldSecret(text)) {
      const digests = await this.storedDigests();
      if (!digests.isEmpty) await add(storedSecretFindings(text, digests));
    }
    if (isDotenv(document.uri)) {
      if (text.length <= LARGEST_DOTENV_FILE) {
        const file = { isExample: isExampleName(fileName(document.uri)) };
        const entries = (await inSlices(dotenvEntries(text), host)) ?? [];
        await add(dotenvFindings(entries, file));
        const secrets = checks.has('trackedSecrets') ? secretEntries(entries, file) : [];
        if (secrets.length > 0 && (await this.git.isTracked(document.uri)))
          found.push(
            ...secrets.map(({ name, valueStart, valueEnd }) => ({
              check: 'trackedSecrets' as const,
              start: valueStart,
              end: valueEnd,
              names: [name],
            })),
          );
      }
    } else {
      const language = sdkLanguage(document.languageId, text);
      if (language !== undefined) await add((await this.sdkFindings())(language, text));
    }
    return isOutdated() ? undefined : found.filter(({ check }) => checks.has(check));
  }

  /** The digests of the stored secrets, which are read when the first text may hold one. */
  private storedDigests(): Promise<SecretDigests> {
    this.digests ??= (async () => {
      const { environments, readSecret } = this.dependencies;
      await environments.ready();
      const digests = new SecretDigests();
      for (const { id, kind } of environments.list()) {
        const secret = kind === 'stored' ? await readSecret(id) : undefined;
        if (secret !== undefined && secret !== '') digests.add(secret, id);
      }
      return digests;
    })();
    return this.digests;
  }

  private diagnosticOf(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
    const { environments } = this.dependencies;
    const diagnostic = new vscode.Diagnostic(
      new vscode.Range(document.positionAt(finding.start), document.positionAt(finding.end)),
      findingSentence(finding, { nameOf: (id) => environments.get(id)?.name ?? id, sdkVersion }),
      severityOf(finding.check, document.uri),
    );
    diagnostic.source = 'Scalekit';
    diagnostic.code = { value: finding.check, target: vscode.Uri.parse(documentationOf(finding)) };
    return diagnostic;
  }
}

/** In a `.env` file, the secret is where apps look for it: a hint is enough. */
function severityOf(check: Check, uri: vscode.Uri): vscode.DiagnosticSeverity {
  if (check === 'storedSecrets' && isDotenv(uri)) return vscode.DiagnosticSeverity.Hint;
  return check === 'placeholders' || check === 'misspeltNames'
    ? vscode.DiagnosticSeverity.Information
    : vscode.DiagnosticSeverity.Warning;
}
