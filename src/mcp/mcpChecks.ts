import { lookup } from 'node:dns/promises';
import * as vscode from 'vscode';
import type { JsonRecord } from '../api/json';
import { readRecord } from '../api/json';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { cancellableProgress } from '../ui/cancellableProgress';
import { markdownText } from '../ui/markdownText';
import type { Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import { showMarkdown } from '../ui/showMarkdown';
import { showStatus } from '../ui/statusMessage';
import type { VirtualDocuments } from '../ui/virtualDocuments';
import { mcpDocument, summary, type CheckReport } from './mcpDocument';
import { hostKey } from './privateAddress';
import { Prober, type Resolve } from './prober';
import { checkServer } from './serverCheck';
import { readServerUrl, type UrlFault } from './serverUrl';
import { callWithToken, checkToken, type ReadToken } from './tokenCheck';

/** How a JWT is read, by another feature. */
export interface JwtReading {
  /** The JWT in a text, or undefined. */
  find(text: string): string | undefined;
  /** Its header and claims. @throws Error with a sentence that quotes nothing */
  decode(text: string): JsonRecord;
}

export interface McpCheckDependencies {
  readonly environments: Pick<EnvironmentAccess, 'ready' | 'list'>;
  readonly prompts: Prompts;
  readonly documents: VirtualDocuments;
  readonly redactor: Redactor;
  readonly jwt: JwtReading;
  readonly userAgent: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How host names are looked up. Default: as the system does. */
  readonly resolve?: Resolve;
}

/** Three parts of base64url: nothing else is sent. */
const COMPACT = /^[\w-]+=*\.[\w-]+=*\.[\w-]+=*$/;

const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/** The handler of Check MCP Server…. A token goes only to the MCP server that the user has typed and confirmed. */
export class McpChecks {
  /** Only in memory: the path of a URL may be a secret. */
  private lastUrl: string | undefined;

  constructor(private readonly dependencies: McpCheckDependencies) {}

  async check(argument: unknown): Promise<void> {
    const { environments, prompts, now, userAgent, resolve = systemResolve } = this.dependencies;
    const serverUrl = await this.askUrl(argument);
    if (serverUrl === undefined) return;
    await environments.ready();
    const saved = environments.list().flatMap(({ host }) => (host === '' ? [] : [`https://${host}`, `http://${host}`]));
    const savedKeys = new Set(saved.filter((url) => URL.canParse(url)).map(hostKey));
    const { checked, prober } = await cancellableProgress(
      prompts,
      vscode.l10n.t('Scalekit: checking {0}…', serverUrl),
      async (signal) => {
        const sending = new Prober({ resolve, typedUrls: [serverUrl, ...saved], userAgent, now, signal });
        const result = await checkServer(serverUrl, sending, (url) => savedKeys.has(hostKey(url)));
        return { checked: result, prober: sending };
      },
    );
    const report: CheckReport = {
      serverUrl,
      checkedAt: now(),
      steps: checked.steps,
      tokenSteps: undefined,
      lines: [...prober.lines],
    };
    await this.show(report);
    if (!checked.responded) {
      showStatus(resultOf(report));
      return;
    }
    const token = await this.askToken(report);
    if (token === undefined) return;
    const tokenSteps = await cancellableProgress(
      prompts,
      vscode.l10n.t('Scalekit: checking {0} with the token…', serverUrl),
      async (signal) => {
        const steps = await checkToken(token, serverUrl, checked.facts, now());
        signal.throwIfAborted();
        prober.continueWith(signal);
        return [...steps, await callWithToken(serverUrl, token.compact, prober)];
      },
    );
    const whole = { ...report, tokenSteps, lines: [...prober.lines] };
    await this.show(whole);
    showStatus(resultOf(whole));
  }

  /** Shows the document. Secrets go first: after the escaping, the redactor wouldn't find them. */
  private async show(report: CheckReport): Promise<void> {
    const { documents, redactor } = this.dependencies;
    const { host } = new URL(report.serverUrl);
    await showMarkdown(documents, {
      folder: ['mcp', report.serverUrl],
      title: vscode.l10n.t('MCP Server {0}', host),
      text: mcpDocument(report, (text) => markdownText(redactor.redact(text))),
    });
  }

  private async askUrl(argument: unknown): Promise<string | undefined> {
    const { prompts } = this.dependencies;
    const given = typeof argument === 'string' ? argument : this.lastUrl;
    const result = await prompts.input({
      title: vscode.l10n.t('Check MCP Server'),
      prompt: vscode.l10n.t('URL of the MCP server, exactly as clients are given it. It’s asked what anyone may ask.'),
      placeholder: 'http://localhost:3002/mcp',
      ...(given !== undefined && 'url' in readServerUrl(given) ? { value: given } : {}),
      validate: (text) => {
        const read = readServerUrl(text);
        return 'fault' in read ? urlFaultSentence(read.fault) : undefined;
      },
    });
    if (result === undefined || result === 'back') return undefined;
    const read = readServerUrl(result.answer.text);
    if ('fault' in read) return undefined;
    this.lastUrl = read.url;
    return read.url;
  }

  /** After a yes that names the only place the token goes to. It isn't modal, so that the document can be read first. */
  private async askToken(report: CheckReport): Promise<ReadToken | undefined> {
    const { prompts, redactor, jwt } = this.dependencies;
    const { origin } = new URL(report.serverUrl);
    const yes = vscode.l10n.t('Check Access Token…');
    const pressed = await prompts.message(
      'information',
      `${resultOf(report)} ${vscode.l10n.t('An access token can be checked too: one request with it goes to {0}, and nowhere else.', origin)}`,
      yes,
    );
    if (pressed !== yes) return undefined;
    const problemOf = (text: string): string | undefined => {
      try {
        jwt.decode(text);
        return COMPACT.test(jwt.find(text) ?? '')
          ? undefined
          : vscode.l10n.t('This isn’t a whole token. Paste all three parts, with both dots.');
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    };
    const result = await prompts.input({
      title: vscode.l10n.t('Check MCP Server'),
      prompt: vscode.l10n.t('Paste an access token for this server. It’s sent to {0} once.', origin),
      placeholder: 'eyJ…',
      password: true,
      validate: problemOf,
    });
    if (result === undefined || result === 'back') return undefined;
    const { text } = result.answer;
    const compact = jwt.find(text) ?? '';
    redactor.add(compact);
    const { header, claims } = jwt.decode(compact);
    return { compact, header: readRecord(header) ?? {}, claims: readRecord(claims) ?? {} };
  }
}

/** The result in one line. */
function resultOf({ serverUrl, steps, tokenSteps = [] }: CheckReport): string {
  return `${new URL(serverUrl).host}: ${summary([...steps, ...tokenSteps])}`;
}

function urlFaultSentence(fault: UrlFault): string {
  switch (fault) {
    case 'empty':
      return vscode.l10n.t('Enter the URL of an MCP server.');
    case 'tooLong':
      return vscode.l10n.t('This is longer than 2,000 characters.');
    case 'malformed':
      return vscode.l10n.t('This isn’t a URL, such as {0}.', 'https://mcp.example.com/mcp');
    case 'scheme':
      return vscode.l10n.t('The URL must begin with https://, or with http:// for this machine.');
    case 'userInfo':
      return vscode.l10n.t('Leave out the user name and the password. The URL is shown in the document.');
    case 'query':
      return vscode.l10n.t('Leave out the question mark and what’s behind it. The URL is shown in the document.');
    case 'fragment':
      return vscode.l10n.t('Leave out the “#” and what’s behind it.');
    case 'insecure':
      return vscode.l10n.t('Use https. A token must not go over http to another machine.');
  }
}
