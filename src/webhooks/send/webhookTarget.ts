import * as vscode from 'vscode';
import type { Prompts } from '../../ui/prompts';
import type { WebhookSecrets } from '../webhookSecrets';
import { loopbackAddresses, parseTarget, type Resolve, type TargetProblem } from './loopbackTarget';

const KEY = 'scalekit.webhooks.target';

/** Where to send a webhook, and with which secret. */
export interface ApprovedTarget {
  readonly url: URL;
  /** This machine's addresses. Undefined for another host. */
  readonly addresses: readonly string[] | undefined;
  /** Undefined to send without a signature. */
  readonly secret: string | undefined;
}

export interface WebhookTargetsDependencies {
  readonly prompts: Prompts;
  readonly secrets: WebhookSecrets;
  readonly workspaceState: vscode.Memento;
  readonly resolve?: Resolve;
}

/**
 * The URL that this workspace sends webhooks to. On this machine, they're signed with the workspace's secret. Another
 * host is asked about once in each window, and never gets that secret's signature.
 */
export class WebhookTargets {
  /** What the user decided about other hosts, by origin. */
  private readonly decided = new Map<string, { readonly secret: string | undefined }>();

  constructor(private readonly dependencies: WebhookTargetsDependencies) {}

  /** The remembered URL. */
  get url(): URL | undefined {
    const text = this.dependencies.workspaceState.get<unknown>(KEY);
    const url = typeof text === 'string' ? parseTarget(text) : undefined;
    return url instanceof URL ? url : undefined;
  }

  /** Asks for the URL and remembers it. A button replaces the secret. Undefined if the user cancels. */
  async change(): Promise<URL | undefined> {
    const { prompts, secrets, workspaceState } = this.dependencies;
    const title = vscode.l10n.t('Webhook Target');
    let value = this.url?.href ?? 'http://localhost:3000/webhooks/scalekit';
    for (;;) {
      const result = await prompts.input({
        title,
        prompt: vscode.l10n.t('The URL at which your app receives webhooks'),
        placeholder: 'http://localhost:3000/webhooks/scalekit',
        value,
        validate: (text) => {
          const url = parseTarget(text);
          return url instanceof URL ? undefined : problemWords(url);
        },
        buttons: [{ id: 'secret', icon: 'key', tooltip: vscode.l10n.t('Replace Webhook Secret') }],
      });
      if (result === undefined || result === 'back') return undefined;
      if (result.answer.button === 'secret') {
        value = result.answer.text;
        await secrets.replace(vscode.l10n.t('Replace Webhook Secret'));
        continue;
      }
      const url = parseTarget(result.answer.text);
      if (!(url instanceof URL)) continue;
      await workspaceState.update(KEY, url.href);
      return url;
    }
  }

  /** Asks whatever must be known before something is sent there. Undefined if the user cancels. */
  async approve(url: URL): Promise<ApprovedTarget | undefined> {
    const { secrets, resolve } = this.dependencies;
    const addresses = await loopbackAddresses(url.hostname, resolve);
    if (addresses === undefined) return this.approveOther(url);
    const secret = await secrets.get(vscode.l10n.t('Webhook Secret'));
    return secret === undefined ? undefined : { url, addresses, secret };
  }

  private async approveOther(url: URL): Promise<ApprovedTarget | undefined> {
    const { prompts, secrets, workspaceState } = this.dependencies;
    const known = this.decided.get(url.origin);
    if (known !== undefined) return { url, addresses: undefined, secret: known.secret };
    const isSure = await prompts.confirm({
      message: vscode.l10n.t('Send webhooks to {0}?', url.host),
      detail: [
        vscode.l10n.t('This isn’t your machine. The payload goes there as it stands in the editor.'),
        vscode.l10n.t('This workspace’s webhook secret isn’t used for it. You’re asked once in each window.'),
      ],
      action: vscode.l10n.t('Send to {0}', url.host),
    });
    if (!isSure) {
      // The next webhook asks for another one.
      if (this.url?.href === url.href) await workspaceState.update(KEY, undefined);
      return undefined;
    }
    const result = await prompts.pick<'unsigned' | 'typed'>({
      title: vscode.l10n.t('Send to {0}', url.host),
      choices: [
        { value: 'unsigned', label: vscode.l10n.t('Without a Signature') },
        {
          value: 'typed',
          label: vscode.l10n.t('Sign with a Secret That You Enter Now…'),
          detail: vscode.l10n.t('It isn’t stored'),
        },
      ],
    });
    if (result === undefined || result === 'back') return undefined;
    let secret: string | undefined;
    if (result.answer === 'typed') {
      secret = await secrets.ask(vscode.l10n.t('Webhook Secret for {0}', url.host), { canCreate: false });
      if (secret === undefined) return undefined;
    }
    this.decided.set(url.origin, { secret });
    return { url, addresses: undefined, secret };
  }
}

function problemWords(problem: TargetProblem): string {
  switch (problem) {
    case 'notAnUrl':
      return vscode.l10n.t('Enter a URL, for example {0}.', 'http://localhost:3000/webhooks/scalekit');
    case 'notHttp':
      return vscode.l10n.t('The URL begins with http:// or https://.');
    case 'userInfo':
      return vscode.l10n.t('Leave out the user name and the password: the URL is remembered.');
    case 'fragment':
      return vscode.l10n.t('Leave out “#” and what follows: it’s never sent.');
  }
}
