import * as vscode from 'vscode';
import { readTime } from '../api/json.js';
import { getOrganizationJson } from '../api/organizations.js';
import { ScalekitError } from '../api/scalekitError.js';
import type { EnvironmentAccess } from '../editor/environmentAccess.js';
import { EnvironmentFailure, inEnvironment } from '../editor/environmentFailure.js';
import { failureMessage } from '../editor/failureMessage.js';
import type { Redactor } from '../editor/redactor.js';
import { readOrganizationUri } from './scalekitUri.js';

/** Scalekit's resources as read-only files: `scalekit:/<environment>/organizations/<id>.json`. Reading one is a GET. */
export class ScalekitFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  readonly onDidChangeFile = this.changes.event;

  constructor(
    private readonly environments: EnvironmentAccess,
    private readonly redactor: Redactor,
  ) {}

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const organization = await this.read(uri);
    return {
      type: vscode.FileType.File,
      ctime: readTime(organization['create_time'])?.getTime() ?? 0,
      mtime: readTime(organization['update_time'])?.getTime() ?? 0,
      size: bytesOf(organization).length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return bytesOf(await this.read(uri));
  }

  watch(): vscode.Disposable {
    // Nothing polls: a document is read anew when it is opened.
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private async read(uri: vscode.Uri): Promise<Record<string, unknown>> {
    const reference = readOrganizationUri(uri);
    if (reference === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const { environmentId, organizationId } = reference;
    await this.environments.ready();
    const environment = this.environments.get(environmentId) ?? { id: environmentId, name: environmentId };
    try {
      return await inEnvironment(environment, async () => getOrganizationJson(await this.environments.client(environmentId), organizationId));
    } catch (error) {
      if (!(error instanceof EnvironmentFailure)) throw error;
      if (error.failure instanceof ScalekitError && error.failure.kind === 'notFound') throw vscode.FileSystemError.FileNotFound(uri);
      throw vscode.FileSystemError.Unavailable(this.redactor.redact(failureMessage(error).text));
    }
  }
}

function bytesOf(json: Record<string, unknown>): Uint8Array {
  return Buffer.from(`${JSON.stringify(json, undefined, 2)}\n`);
}
