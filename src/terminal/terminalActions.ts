import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import { MIN_LIFE_FOR_COPY_MS } from '../api/client/accessToken';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { isCancelled } from '../api/client/scalekitError';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import { failureMessage } from '../ui/failureMessage';
import type { Log } from '../ui/log';
import type { Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import { resolveEnvironment } from '../ui/resolveEnvironment';
import { exampleLine } from './exampleLine';
import { TERMINAL_VARIABLES, type TerminalResponse, type TerminalRequest } from './terminalProtocol';
import type { TerminalServer } from './terminalServer';

export interface TerminalActionsDependencies {
  readonly environments: EnvironmentAccess;
  /** @throws EnvironmentFailure if none can be used */
  readonly readCredentials: (environmentId: string) => Promise<ClientCredentials>;
  readonly prompts: Prompts;
  readonly log: Log;
  readonly redactor: Redactor;
  /** The folder of the terminal's programs in the extension. */
  readonly shippedPrograms: string;
  /** The folder where terminals find them, even terminals that outlive this version of the extension. */
  readonly programFolder: string;
  /** Whether terminals run on another machine than the extension. Then there's no local socket between them. */
  readonly terminalsAreElsewhere: boolean;
}

/**
 * Open Terminal with Scalekit: a terminal in which `scalekit-token` prints a token and `scalekit-run` runs a command
 * with the environment's credentials. Both ask this window over a local socket, because VS Code writes a terminal's
 * environment to disk.
 */
export class TerminalActions implements vscode.Disposable {
  private server: Promise<TerminalServer> | undefined;
  private running: TerminalServer | undefined;
  private readonly opened = new Map<vscode.Terminal, { readonly handle: string; readonly environmentId: string }>();
  private readonly subscription: vscode.Disposable;

  constructor(private readonly dependencies: TerminalActionsDependencies) {
    this.subscription = vscode.window.onDidCloseTerminal((terminal) => void this.closed(terminal));
  }

  /**
   * Open Terminal with Scalekit, for the clicked environment or the active one. The terminal stays with that
   * environment.
   */
  async open(argument: unknown): Promise<void> {
    const { environments, prompts, log, terminalsAreElsewhere } = this.dependencies;
    if (terminalsAreElsewhere) {
      void prompts.message(
        'warning',
        vscode.l10n.t(
          'This window’s terminals run on another machine ({0}), and your credentials stay on yours. Use Copy Access Token, or open a local window.',
          vscode.env.remoteName ?? '',
        ),
      );
      return;
    }
    const environment = await resolveEnvironment(argument, environments, prompts);
    if (environment === undefined) return;
    // Reports immediately, not on the first call, if there's no usable secret. Sends no request.
    const { environmentUrl } = await environments.client(environment.id);
    const server = await this.startServer();
    const name = terminalName(environment);
    const grant = server.grant((wants, signal) => this.response(environment, name, wants, signal));
    const terminal = vscode.window.createTerminal({
      name,
      message: greeting(environment),
      // Its connection ends with the window, and VS Code would restore it without one.
      isTransient: true,
      iconPath: new vscode.ThemeIcon(environment.production ? 'shield' : 'key'),
      ...(environment.production ? { color: new vscode.ThemeColor('terminal.ansiYellow') } : {}),
      env: {
        PATH: [this.dependencies.programFolder, ...(process.env['PATH'] ? [process.env['PATH']] : [])].join(delimiter),
        // Not a secret, and the base of every call.
        SCALEKIT_ENVIRONMENT_URL: environmentUrl,
        [TERMINAL_VARIABLES.socket]: server.address,
        [TERMINAL_VARIABLES.handle]: grant.handle,
        [TERMINAL_VARIABLES.nonce]: grant.nonce,
        [TERMINAL_VARIABLES.node]: process.execPath,
        [TERMINAL_VARIABLES.ended]: vscode.l10n.t(
          'This terminal’s connection to VS Code has ended. Open a new one with “Scalekit: Open Terminal with Scalekit”.',
        ),
      },
    });
    this.opened.set(terminal, { handle: grant.handle, environmentId: environment.id });
    log.info(`terminal: opened for ${environment.id}`);
    terminal.show();
  }

  /** Whether the active terminal is one of these, for this environment. */
  isActive(environmentId: string): boolean {
    const { activeTerminal } = vscode.window;
    return activeTerminal !== undefined && this.opened.get(activeTerminal)?.environmentId === environmentId;
  }

  dispose(): void {
    this.subscription.dispose();
    // Disposes synchronously if it can, because a closing window waits for nothing.
    if (this.running !== undefined) this.running.dispose();
    else void this.server?.then((server) => server.dispose());
  }

  /** One socket for all terminals of this window, created for the first one, so that activation opens none. */
  private startServer(): Promise<TerminalServer> {
    this.server ??= this.makeServer().catch((error: unknown) => {
      this.server = undefined;
      throw error;
    });
    return this.server;
  }

  private async makeServer(): Promise<TerminalServer> {
    const { shippedPrograms, programFolder, log } = this.dependencies;
    const [{ installPrograms }, { TerminalServer: Server }] = await Promise.all([
      import('./installPrograms'),
      import('./terminalServer'),
    ]);
    await installPrograms(shippedPrograms, programFolder);
    this.running = await Server.start({
      onRefused: (reason) => log.warn(`terminal: a request over the local socket was refused (${reason})`),
    });
    return this.running;
  }

  private async closed(terminal: vscode.Terminal): Promise<void> {
    const opened = this.opened.get(terminal);
    if (opened === undefined) return;
    this.opened.delete(terminal);
    (await this.server)?.revoke(opened.handle);
  }

  /** What one of the programs gets. Never throws. The log records every use, without values. */
  private async response(
    { id, name }: Environment,
    terminal: string,
    wants: TerminalRequest['wants'],
    signal: AbortSignal,
  ): Promise<TerminalResponse> {
    const { environments, readCredentials, log, redactor } = this.dependencies;
    const asked = `terminal “${displayText(terminal)}”, ${id}`;
    try {
      // The terminal's user knows the environment by its name, not by its id.
      if (environments.get(id) === undefined) throw new EnvironmentFailure({ id, name }, 'gone');
      return await inEnvironment({ id, name }, async () => {
        const client = await environments.client(id);
        // A loop of calls must not retry refused credentials each time.
        const token = await client.tokens.get({ minimumLifeMs: MIN_LIFE_FOR_COPY_MS, signal });
        if (wants === 'token') {
          log.info(`${asked}: access token given to scalekit-token`);
          return { token: token.value };
        }
        const { environmentUrl, clientId, clientSecret } = await readCredentials(id);
        log.info(`${asked}: credentials and access token given to scalekit-run`);
        return { token: token.value, credentials: { environmentUrl, clientId, clientSecret } };
      });
    } catch (error) {
      // The asking program has ended, so nobody reads this.
      if (isCancelled(error)) return { error: vscode.l10n.t('{0}: cancelled.', displayText(name)) };
      if (error instanceof EnvironmentFailure) {
        log.warn(`${asked}: nothing given: ${error.message}`);
        return { error: redactor.redact(failureMessage(error).text) };
      }
      log.error(`${asked}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return { error: vscode.l10n.t('something went wrong. The Scalekit log in VS Code has the details.') };
    }
  }
}

function terminalName({ name, production }: Environment): string {
  const shown = displayText(name);
  return production ? vscode.l10n.t('Scalekit: {0} (production)', shown) : vscode.l10n.t('Scalekit: {0}', shown);
}

/** The terminal's first lines. */
function greeting({ name, host, production }: Environment): string {
  const shown = host === name || host === '' ? displayText(name) : `${displayText(name)} (${displayText(host)})`;
  const bold = `\u001b[1m${shown}\u001b[22m`;
  return [
    production
      ? vscode.l10n.t('Scalekit environment {0}, \u001b[33mproduction\u001b[39m', bold)
      : vscode.l10n.t('Scalekit environment {0}', bold),
    vscode.l10n.t('  scalekit-token          prints a valid access token'),
    vscode.l10n.t('  scalekit-run COMMAND    runs a command with the SCALEKIT_ variables and a token'),
    vscode.l10n.t('For example, to list organizations:'),
    `  ${exampleLine(vscode.env.shell)}`,
  ].join('\r\n');
}
