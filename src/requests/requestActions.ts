import * as vscode from 'vscode';
import type { Organization } from '../api/organizations';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { inEnvironment } from '../core/environmentFailure';
import type { Choice, PromptResult, Prompts } from '../ui/prompts';
import { resolveEnvironment } from '../ui/resolveEnvironment';
import type { SecretClipboard } from '../ui/secretClipboard';
import { showStatus } from '../ui/statusMessage';
import { readDocumentUri } from '../core/documentReference';
import { requestOf, requestTarget, type ApiRequest } from './apiRequest';
import type { DocumentedEndpoint } from './documentedEndpoint';
import { requestChoice, type RequestPrompts, type RequestPurpose } from './requestPrompts';
import type { SentRequests } from './sentRequests';
import {
  formatForShell,
  isShellFormat,
  snippet,
  SNIPPET_FORMATS,
  TERMINAL_TOKEN,
  type SnippetFormat,
} from './snippets';
import { requestOfRow, type EnvironmentRequest } from './treeRequests';
import type { Environment } from '../core/environment';

/** A token to insert into a snippet. */
export interface LiveToken {
  readonly value: string;
  /** Until when it's valid, for example `valid until 14:32`. */
  readonly validity: string;
}

/** Supplies tokens for texts that the user copies. */
export interface LiveTokens {
  /**
   * A token with enough life left.
   *
   * @throws EnvironmentFailure
   */
  liveToken(environment: Environment): Promise<LiveToken>;
}

/** What the Organizations view shows for an environment. */
export interface ShownOrganizations {
  shownOrganizations(environmentId: string): readonly Pick<Organization, 'id' | 'displayName'>[];
  /** The search text while the view shows a search. */
  shownSearch(environmentId: string): string | undefined;
}

/** The terminals opened with Scalekit. */
export interface ScalekitTerminals {
  /** Whether the visible terminal is one of them, for this environment. */
  isActive(environmentId: string): boolean;
}

export interface RequestActionsDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly requestPrompts: RequestPrompts;
  readonly sent: SentRequests;
  readonly endpoints: readonly DocumentedEndpoint[];
  readonly organizations: ShownOrganizations;
  readonly tokens: LiveTokens;
  readonly terminals: ScalekitTerminals;
  readonly clipboard: SecretClipboard;
}

/** How the copied text gets its token. */
type TokenChoice = 'variable' | 'terminal' | 'live';

/** The handlers of Send API Request… and Copy Request as…: `scalekit.request.*`. */
export class RequestActions {
  private lastFormat: SnippetFormat | undefined;

  constructor(private readonly dependencies: RequestActionsDependencies) {}

  /** Send API Request…, to the clicked environment or the active one. */
  async send(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument);
    if (environment === undefined) return;
    const result = await this.dependencies.requestPrompts.ask({
      title: vscode.l10n.t('Send API Request to {0}', nameOf(environment)),
      environmentId: environment.id,
      recent: this.dependencies.sent.recent(environment.id),
      done: { label: vscode.l10n.t('Send Request'), icon: 'play' },
    });
    if (typeof result === 'object') await this.dependencies.sent.send(environment, result.answer);
  }

  /** Send API Request Again, with the request of the clicked or focused document. */
  async repeat(argument: unknown): Promise<void> {
    const sent = this.dependencies.sent.of(documentOf(argument));
    // After a reload the tab is still there, but its request is forgotten.
    if (sent === undefined) return this.send(undefined);
    const environment = await this.environmentFor(sent.environmentId);
    if (environment !== undefined) await this.dependencies.sent.send(environment, sent.request);
  }

  /** Next Page, of the list in the clicked or focused response. */
  async nextPage(argument: unknown): Promise<void> {
    const next = this.dependencies.sent.nextPage(documentOf(argument));
    const environment = next && (await this.environmentFor(next.environmentId));
    if (next !== undefined && environment !== undefined) await this.dependencies.sent.send(environment, next.request);
  }

  /** Copy Request as…, with the request of a response document or of a tree row. Otherwise it asks for one. */
  async copy(argument: unknown): Promise<void> {
    const given = this.givenRequest(argument);
    const environment = await this.environmentFor(given?.environmentId ?? argument);
    if (environment === undefined) return;
    for (;;) {
      const chosen = given === undefined ? await this.chooseRequest(environment) : { answer: given };
      if (typeof chosen !== 'object') return;
      const { environmentId, request } = chosen.answer;
      const target = environmentId === environment.id ? environment : await this.environmentFor(environmentId);
      if (target === undefined) return;
      if ((await this.copyAs(target, request, given === undefined)) !== 'back') return;
    }
  }

  private environmentFor(argument: unknown): Promise<Environment | undefined> {
    return resolveEnvironment(argument, this.dependencies.environments, this.dependencies.prompts);
  }

  private givenRequest(argument: unknown): EnvironmentRequest | undefined {
    const { sent, endpoints } = this.dependencies;
    if (!(argument instanceof vscode.Uri)) return requestOfRow(argument, endpoints);
    return sent.of(argument) ?? requestOfRow(readDocumentUri(argument), endpoints);
  }

  /** The requests of what is open in editors, the active one's first. */
  private openRequests(): EnvironmentRequest[] {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const active = uri && this.givenRequest(uri);
    const { sent } = this.dependencies;
    return [...(active === undefined ? [] : [active]), ...sent.open().filter((request) => request !== active)].slice(
      0,
      MOST_OPEN,
    );
  }

  private async chooseRequest(environment: Environment): Promise<PromptResult<EnvironmentRequest>> {
    const { prompts, requestPrompts, organizations, environments, sent } = this.dependencies;
    const here = (request: ApiRequest): EnvironmentRequest => ({ environmentId: environment.id, request });
    const search = organizations.shownSearch(environment.id);
    const purpose: RequestPurpose = {
      title: vscode.l10n.t('Copy Request for {0}', nameOf(environment)),
      environmentId: environment.id,
      recent: sent.recent(environment.id),
      done: { label: vscode.l10n.t('Choose Format…'), icon: 'arrow-right' },
    };
    const open = this.openRequests();
    for (;;) {
      const picked = await prompts.pick<EnvironmentRequest | 'search' | 'other'>({
        title: purpose.title,
        placeholder: vscode.l10n.t('Which request?'),
        choices: [
          ...open.map((each, index) => {
            const other = each.environmentId === environment.id ? undefined : environments.get(each.environmentId);
            return {
              ...requestChoice(each.request, each),
              icon: 'json',
              ...(other === undefined ? {} : { detail: nameOf(other) }),
              ...(index === 0 ? { separatorBefore: vscode.l10n.t('Open in the editor') } : {}),
            };
          }),
          ...(search === undefined
            ? []
            : [
                {
                  value: here(searchFor(search)),
                  icon: 'search',
                  label: vscode.l10n.t('Search Organizations for “{0}”', search),
                  ...(open.length > 0 ? { separatorBefore: '' } : {}),
                },
              ]),
          {
            value: here(LIST_ORGANIZATIONS),
            ...(open.length > 0 && search === undefined ? { separatorBefore: '' } : {}),
            icon: 'organization',
            label: vscode.l10n.t('List Organizations'),
            description: requestTarget(LIST_ORGANIZATIONS),
          },
          {
            value: 'search',
            icon: 'search',
            label: vscode.l10n.t('Search Organizations…'),
            description: SEARCH_ORGANIZATIONS.path,
          },
          { value: 'other', icon: 'list-flat', label: vscode.l10n.t('Another Request…') },
        ],
      });
      if (typeof picked !== 'object') return undefined;
      if (typeof picked.answer !== 'string') return { answer: picked.answer };
      const asked = await (picked.answer === 'search'
        ? requestPrompts.askValues(purpose, SEARCH_ORGANIZATIONS)
        : requestPrompts.ask(purpose, true));
      if (asked !== 'back') return asked && { answer: here(asked.answer) };
    }
  }

  /** Asks for the format and the token, then copies. */
  private async copyAs(environment: Environment, request: ApiRequest, canGoBack: boolean): Promise<'back' | undefined> {
    const { prompts, environments } = this.dependencies;
    const url = await inEnvironment(
      environment,
      async () => `${(await environments.client(environment.id)).environmentUrl}${requestTarget(request)}`,
    );
    const title = vscode.l10n.t('Copy Request: {0}', request.summary);
    const first = this.lastFormat ?? formatForShell(vscode.window.activeTerminal?.state.shell ?? vscode.env.shell);
    const formats = [first, ...SNIPPET_FORMATS.filter((format) => format !== first)];
    for (;;) {
      const format = await prompts.pick({
        title,
        placeholder: vscode.l10n.t('Copy as…'),
        choices: formats.map((value) => ({ value, label: value })),
        canGoBack,
      });
      if (typeof format !== 'object') return format;
      const token = await prompts.pick({
        title,
        placeholder: vscode.l10n.t('How should it get its access token?'),
        choices: this.tokenChoices(environment, format.answer),
        canGoBack: true,
      });
      if (token === undefined) return undefined;
      if (token === 'back') continue;
      this.lastFormat = format.answer;
      await this.copyText(environment, format.answer, url, token.answer);
      return undefined;
    }
  }

  /** The first choice works where it will be pasted. */
  private tokenChoices(environment: Environment, format: SnippetFormat): Choice<TokenChoice>[] {
    const isInTerminal = this.dependencies.terminals.isActive(environment.id);
    const variable: Choice<TokenChoice> = {
      value: 'variable',
      label: vscode.l10n.t('Variable {0}', 'SCALEKIT_ACCESS_TOKEN'),
      detail: vscode.l10n.t('The text contains no secret. Set the variable where you run it, as scalekit-run does.'),
      icon: 'symbol-variable',
    };
    const terminal: Choice<TokenChoice> = {
      value: 'terminal',
      label: vscode.l10n.t('Command {0}', 'scalekit-token'),
      detail: vscode.l10n.t(
        'The text contains no secret. It works in a terminal opened with Open Terminal with Scalekit for {0}.',
        nameOf(environment),
      ),
      icon: 'terminal',
    };
    const live: Choice<TokenChoice> = {
      value: 'live',
      label: environment.production
        ? vscode.l10n.t('Live Production Token in the Text')
        : vscode.l10n.t('Include the Current Token'),
      detail: vscode.l10n.t('Anyone who has the text can use {0} until the token expires.', nameOf(environment)),
      icon: 'key',
    };
    if (!isShellFormat(format)) return [variable, live];
    return isInTerminal ? [terminal, variable, live] : [variable, terminal, live];
  }

  private async copyText(
    environment: Environment,
    format: SnippetFormat,
    url: string,
    choice: TokenChoice,
  ): Promise<void> {
    if (choice === 'live') {
      const { value, validity } = await this.dependencies.tokens.liveToken(environment);
      await this.dependencies.clipboard.copy(snippet(format, url, value));
      showStatus(vscode.l10n.t('{0} copied with a live token, {1} · {2}', format, validity, nameOf(environment)));
      return;
    }
    await vscode.env.clipboard.writeText(snippet(format, url, choice === 'terminal' ? TERMINAL_TOKEN : undefined));
    showStatus(
      choice === 'terminal'
        ? vscode.l10n.t('{0} copied for a terminal with Scalekit · {1}', format, nameOf(environment))
        : vscode.l10n.t('{0} copied; it reads {1}', format, 'SCALEKIT_ACCESS_TOKEN'),
    );
  }
}

/** How many open responses to offer. */
const MOST_OPEN = 3;

/** The request behind the Organizations view. */
const LIST_ORGANIZATIONS: ApiRequest = {
  summary: 'List organizations',
  template: '/api/v1/organizations',
  pathValues: {},
  query: [['page_size', '100']],
};

/** A preview of Scalekit's, so it's not among the documented endpoints (docs/scalekit-api.md, 2.2). */
const SEARCH_ORGANIZATIONS: DocumentedEndpoint = {
  path: '/api/v1/organizations:search',
  summary: 'Search organizations',
  resource: 'Organizations',
  parameters: [
    { name: 'query', least: 3, most: 100, required: true },
    { name: 'page_size', type: 'number', most: 30 },
    { name: 'page_token' },
  ],
};

function searchFor(query: string): ApiRequest {
  return requestOf(SEARCH_ORGANIZATIONS, {}, [
    ['query', query],
    ['page_size', '30'],
  ]);
}

function documentOf(argument: unknown): vscode.Uri | undefined {
  return argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
}

function nameOf({ name, production }: Environment): string {
  return production ? vscode.l10n.t('{0} (production)', name) : name;
}
