import { createServer } from 'node:net';
import * as vscode from 'vscode';
import { PortTakenError } from '../../core/loopbackServer';
import { setContext } from '../../ui/contextKeys';
import { httpStatus } from '../../ui/httpStatus';
import type { Choice, Prompts } from '../../ui/prompts';
import { showStatus } from '../../ui/statusMessage';
import { pickStep, runWizard, textStep, type StepError } from '../../ui/wizard';
import type { WebhookSecrets } from '../webhookSecrets';
import type { ReceivedWebhookList } from './receivedWebhookList';
import { WebhookReceiver, type ReceiverResponse } from './webhookReceiver';

export interface WebhookListenerDependencies {
  readonly prompts: Prompts;
  readonly secrets: WebhookSecrets;
  readonly received: ReceivedWebhookList;
  readonly workspaceState: vscode.Memento;
  readonly now: () => number;
}

interface Draft {
  readonly port: string;
  readonly response: ReceiverResponse;
  readonly passOnTo: string;
}

const KEY = 'scalekit.webhooks.listener';
const FIRST_PORT = 3000;

/** Listen for Webhooks…: receives them until it's stopped, and lists them in the Activity view. */
export class WebhookListener implements vscode.Disposable {
  private receiver: WebhookReceiver | undefined;
  private statusItem: vscode.StatusBarItem | undefined;

  constructor(private readonly dependencies: WebhookListenerDependencies) {}

  /** The port that it listens on now. */
  get port(): number | undefined {
    return this.receiver?.options.port;
  }

  /** Starts listening. If it does so already, offers what can be done with that. */
  async listen(): Promise<void> {
    const { prompts } = this.dependencies;
    const { port } = this;
    if (port === undefined) {
      await this.start();
      return;
    }
    const address = `http://localhost:${port}`;
    const result = await prompts.pick<'stop' | 'copy' | 'change'>({
      title: vscode.l10n.t('Listening for Webhooks at {0}', address),
      choices: [
        { value: 'stop', label: vscode.l10n.t('Stop Listening'), icon: 'debug-stop' },
        { value: 'copy', label: vscode.l10n.t('Copy Address'), description: address, icon: 'copy' },
        { value: 'change', label: vscode.l10n.t('Change Port or Response…'), icon: 'edit' },
      ],
    });
    if (result === undefined || result === 'back') return;
    if (result.answer === 'stop') await this.stop();
    else if (result.answer === 'change') await this.start();
    else {
      await vscode.env.clipboard.writeText(address);
      showStatus(vscode.l10n.t('{0} copied', address));
    }
  }

  async stop(): Promise<void> {
    if (await this.close()) showStatus(vscode.l10n.t('No longer listening for webhooks'), 'circle-slash');
  }

  dispose(): void {
    this.statusItem?.dispose();
    void this.receiver?.close();
  }

  private async start(): Promise<void> {
    const { now, prompts, received, secrets, workspaceState } = this.dependencies;
    let start: StepError<Draft> | undefined;
    let draft: Draft = this.remembered() ?? { port: String(await freePort()), response: 'ok', passOnTo: '' };
    for (;;) {
      const entered = await runWizard({ ...wizard(), draft }, prompts, start);
      if (entered === undefined) return;
      draft = entered;
      const secret = await secrets.get(vscode.l10n.t('Listen for Webhooks: Secret'));
      if (secret === undefined) return;
      await this.close();
      try {
        this.receiver = await WebhookReceiver.start({
          port: Number(draft.port),
          secret,
          response: draft.response,
          passOnTo: draft.passOnTo === '' ? undefined : Number(draft.passOnTo),
          now,
          onReceive: (webhook) => received.record(webhook),
        });
      } catch (error) {
        if (!(error instanceof PortTakenError)) throw error;
        start = {
          step: 'port',
          problem: vscode.l10n.t('Another program listens on port {0}. Choose another one.', error.port),
        };
        continue;
      }
      await workspaceState.update(KEY, { ...draft });
      this.showState();
      return;
    }
  }

  /** Returns whether it was listening. */
  private async close(): Promise<boolean> {
    const { receiver } = this;
    this.receiver = undefined;
    this.statusItem?.dispose();
    this.statusItem = undefined;
    setContext('scalekit.isListeningForWebhooks', false);
    await receiver?.close();
    return receiver !== undefined;
  }

  private showState(): void {
    const { port = 0 } = this;
    const item = vscode.window.createStatusBarItem('scalekit.webhooks', vscode.StatusBarAlignment.Left);
    item.name = vscode.l10n.t('Scalekit Webhooks');
    item.text = `$(broadcast) ${vscode.l10n.t('Webhooks: {0}', port)}`;
    item.tooltip = vscode.l10n.t('Listening for webhooks at {0}. Click to stop or change.', `http://localhost:${port}`);
    item.accessibilityInformation = { label: vscode.l10n.t('Listening for webhooks on port {0}', port) };
    item.command = 'scalekit.webhook.listen';
    item.show();
    this.statusItem = item;
    setContext('scalekit.isListeningForWebhooks', true);
    showStatus(vscode.l10n.t('Listening for webhooks at {0}', `http://localhost:${port}`), 'broadcast');
  }

  /** The last answers in this workspace. */
  private remembered(): Draft | undefined {
    const last = this.dependencies.workspaceState.get<Partial<Draft>>(KEY);
    if (last === undefined || portProblem(String(last.port)) !== undefined) return undefined;
    const response = last.response === 'error' || last.response === 'slow' ? last.response : 'ok';
    const passOnTo = String(last.passOnTo ?? '');
    return { port: String(last.port), response, passOnTo: portProblem(passOnTo) === undefined ? passOnTo : '' };
  }
}

function wizard() {
  const responses: Choice<ReceiverResponse>[] = [
    { value: 'ok', label: httpStatus(200), detail: vscode.l10n.t('As an app that takes it') },
    { value: 'error', label: httpStatus(500), detail: vscode.l10n.t('The sender tries again') },
    {
      value: 'slow',
      label: vscode.l10n.t('200 OK after 15 Seconds'),
      detail: vscode.l10n.t('Scalekit’s documentation says that it waits 10 seconds'),
    },
  ];
  return {
    title: vscode.l10n.t('Listen for Webhooks'),
    steps: {
      port: textStep<Draft>(() => ({
        prompt: vscode.l10n.t('The port to listen on, on this machine only'),
        validate: portProblem,
      })),
      response: pickStep<Draft, ReceiverResponse>(() => ({
        placeholder: vscode.l10n.t('How to respond to each webhook'),
        choices: responses,
      })),
      passOnTo: textStep<Draft>((draft) => ({
        prompt: vscode.l10n.t(
          'Your app’s port on this machine, to pass each webhook on to. Leave it empty to keep them here',
        ),
        placeholder: '8080',
        validate: (text) => passOnProblem(text, draft.port),
      })),
    },
  };
}

function portProblem(text: string): string | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return port >= 1 && port <= 65_535 ? undefined : vscode.l10n.t('Enter a port: a number from 1 to 65535.');
}

function passOnProblem(text: string, ownPort: string): string | undefined {
  if (text.trim() === '') return undefined;
  if (Number(text) === Number(ownPort)) return vscode.l10n.t('This is the port to listen on. Enter your app’s.');
  return portProblem(text);
}

/** The first port from 3000 on that no program listens on. */
async function freePort(): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + 50; port++) if (await isFree(port)) return port;
  return FIRST_PORT;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
