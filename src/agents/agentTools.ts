import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { listOrganizationConnections } from '../api/connections';
import { listDirectories } from '../api/directories';
import { listDomains } from '../api/domains';
import type { JsonRecord } from '../api/json';
import {
  getOrganization,
  getOrganizationByExternalId,
  listOrganizations,
  isSearchable,
  LONGEST_SEARCH,
  searchOrganizations,
  SHORTEST_SEARCH,
} from '../api/organizations';
import { pagesFrom, type Page } from '../api/page';
import type { ReadOptions, ScalekitClient } from '../api/client/scalekitClient';
import { isCancelled, ScalekitError } from '../api/client/scalekitError';
import { listSignIns, type SignInStatus } from '../api/signInLog';
import { listOrganizationUsers } from '../api/users';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import { failureMessage } from '../ui/failureMessage';
import type { Redactor } from '../ui/redactor';
import { ConfirmedEnvironments } from './confirmedEnvironments';
import {
  optionalChoice,
  optionalText,
  readPosition,
  requiredText,
  ToolInputError,
  type ListPosition,
} from './toolInput';
import type { ToolName } from './toolNames';
import { dataText, LONGEST_DATA, shownPage, shownRecord, type ShownPage } from './toolResult';

export interface AgentToolsDependencies {
  readonly environments: EnvironmentAccess;
  readonly redactor: Redactor;
  /** Decodes a JWT without verifying it. @throws Error with a message that says what is wrong with the text */
  readonly decodeJwt: (text: string) => JsonRecord;
}

/** One call of a tool that reads an environment. */
interface Reading {
  readonly client: ScalekitClient;
  readonly input: unknown;
  readonly options: ReadOptions;
  readonly redactor: Redactor;
  /** Characters. */
  readonly budget: number;
}

interface EnvironmentTool {
  /** What the tool reads, in the user's language, for the confirmation and the progress. */
  readonly subject: (input: unknown) => string;
  readonly read: (reading: Reading) => Promise<JsonRecord>;
}

const SIGN_IN_STATUSES: readonly SignInStatus[] = ['INITIATED', 'PENDING', 'SUCCESS', 'FAILED'];

function organizationId(input: unknown): string {
  const id = requiredText(input, 'organizationId');
  if (/^\.+$/.test(id))
    throw new ToolInputError('"organizationId" must be the id of an organization, such as org_123.');
  return id;
}

/** How the input of `scalekit_get_organization` refers to its organization. */
const named = (input: unknown): string =>
  optionalText(input, 'externalId') === undefined ? organizationId(input) : requiredText(input, 'externalId');

/** A tool that returns one page of a list under `field`. */
function list<T extends object>(
  field: string,
  subject: (input: unknown) => string,
  read: (client: ScalekitClient, input: unknown, position: ListPosition, options: ReadOptions) => Promise<Page<T>>,
): EnvironmentTool {
  return {
    subject,
    async read({ client, input, options, redactor, budget }) {
      const position = readPosition(input);
      let shown: ShownPage = { records: [] };
      // Skip pages without a record, which a model would take as the end of the list.
      for await (const page of pagesFrom(
        (pageToken) => read(client, input, { ...position, pageToken }, options),
        position,
      )) {
        shown = shownPage(page, { ...position, pageToken: page.pageToken }, redactor, budget);
        if (page.items.length > 0 || page.mayBeEmpty) break;
      }
      const { records, ...rest } = shown;
      return { [field]: records, ...rest };
    },
  };
}

const TOOLS: Readonly<Record<Exclude<ToolName, 'scalekit_decode_jwt'>, EnvironmentTool>> = {
  scalekit_list_organizations: list(
    'organizations',
    () => vscode.l10n.t('the list of organizations'),
    (client, _input, position, options) => listOrganizations(client, position, options),
  ),
  scalekit_search_organizations: list(
    'organizations',
    (input) => vscode.l10n.t('the organizations that match “{0}”', searchText(input)),
    (client, input, { pageToken }, options) =>
      searchOrganizations(client, { query: searchText(input), pageToken }, options),
  ),
  scalekit_get_organization: {
    subject: (input) => vscode.l10n.t('the organization {0}', named(input)),
    async read({ client, input, options, redactor, budget }) {
      const externalId = optionalText(input, 'externalId');
      const organization =
        externalId === undefined
          ? await getOrganization(client, organizationId(input), options)
          : await getOrganizationByExternalId(client, externalId, options);
      return { organization: shownRecord(organization, redactor, budget) };
    },
  },
  scalekit_list_connections: list(
    'connections',
    (input) => vscode.l10n.t('the connections of organization {0}', organizationId(input)),
    (client, input, _position, options) => listOrganizationConnections(client, organizationId(input), options),
  ),
  scalekit_list_directories: list(
    'directories',
    (input) => vscode.l10n.t('the directories of organization {0}', organizationId(input)),
    (client, input, _position, options) => listDirectories(client, organizationId(input), options),
  ),
  scalekit_list_domains: list(
    'domains',
    (input) => vscode.l10n.t('the domains of organization {0}', organizationId(input)),
    (client, input, position, options) => listDomains(client, organizationId(input), position, options),
  ),
  scalekit_list_users: list(
    'users',
    (input) => vscode.l10n.t('the users of organization {0}', organizationId(input)),
    (client, input, position, options) => listOrganizationUsers(client, organizationId(input), position, options),
  ),
  scalekit_read_sign_in_log: list(
    'signIns',
    (input) => vscode.l10n.t('the sign-in log of organization {0}', organizationId(input)),
    (client, input, position, options) =>
      listSignIns(
        client,
        organizationId(input),
        { status: optionalChoice(input, 'status', SIGN_IN_STATUSES), email: optionalText(input, 'email') },
        position,
        options,
      ),
  ),
};

function searchText(input: unknown): string {
  const text = requiredText(input, 'query', LONGEST_SEARCH);
  if (!isSearchable(text)) throw new ToolInputError(`"query" must have at least ${SHORTEST_SEARCH} characters.`);
  return text;
}

/**
 * What language models may read: organizations and their contents, and the claims of a JWT. Nothing is changed. The
 * user confirms each call and sees which environment it reads. Failures are thrown as sentences, which VS Code passes
 * to the model.
 */
export class AgentTools {
  private readonly confirmed = new ConfirmedEnvironments();

  constructor(private readonly dependencies: AgentToolsDependencies) {}

  /** What the user is asked before the tool runs. @throws Error with a message if the input is invalid */
  async prepare(name: ToolName, input: unknown): Promise<vscode.PreparedToolInvocation> {
    if (name === 'scalekit_decode_jwt') {
      return {
        invocationMessage: vscode.l10n.t('Decoding a JWT'),
        confirmationMessages: {
          title: vscode.l10n.t('Decode a JWT?'),
          message: plainMarkdown(
            vscode.l10n.t(
              'The model gets the header and claims of the JWT it provided. Nothing is sent, and the signature isn’t verified.',
            ),
          ),
        },
      };
    }
    return inSentences(async () => {
      const environment = await this.environmentOf(input);
      const subject = displayText(this.dependencies.redactor.redact(TOOLS[name].subject(input)));
      this.confirmed.note(name, input, environment.id);
      const { name: environmentName, host } = environment;
      const where = displayText(environmentName === host ? host : `${environmentName} (${host})`);
      const question = environment.production
        ? vscode.l10n.t(
            'Environment: {0}, production. The model gets {1}. Nothing is changed, and secrets are left out.',
            where,
            subject,
          )
        : vscode.l10n.t(
            'Environment: {0}. The model gets {1}. Nothing is changed, and secrets are left out.',
            where,
            subject,
          );
      return {
        invocationMessage: plainMarkdown(vscode.l10n.t('Reading {0} from {1}', subject, displayText(environment.name))),
        confirmationMessages: { title: vscode.l10n.t('Read from Scalekit?'), message: plainMarkdown(question) },
      };
    });
  }

  /** @throws Error with a message, or CancellationError */
  async invoke(
    name: ToolName,
    { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<unknown>,
    cancellation: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    // A token has about three characters. If the model states its budget, the result stays below it.
    const budget = Math.min(LONGEST_DATA, Math.max(1_000, (tokenizationOptions?.tokenBudget ?? LONGEST_DATA) * 3));
    return inSentences(async () => {
      if (cancellation.isCancellationRequested) throw new vscode.CancellationError();
      if (name === 'scalekit_decode_jwt') {
        const decoded = this.dependencies.decodeJwt(requiredText(input, 'token', 300_000));
        return this.result(
          'A decoded JWT. Its signature wasn’t verified.',
          shownRecord(decoded, this.dependencies.redactor, budget) as JsonRecord,
        );
      }
      const environment = await this.environmentOf(input);
      if (!this.confirmed.take(name, input, environment.id)) {
        throw new ToolInputError(
          'The person has made another environment the active one since this was confirmed. Name the environment, or call the tool again.',
        );
      }
      const { id, host, production } = environment;
      const data = await this.read(name, input, environment, budget, cancellation);
      const response = { environment: { id, name: displayText(environment.name), host, production }, ...data };
      return this.result('Read from Scalekit.', response);
    });
  }

  private result(what: string, data: JsonRecord): vscode.LanguageModelToolResult {
    const text = dataText(what, data, randomBytes(8).toString('hex'));
    return new vscode.LanguageModelToolResult([
      new vscode.LanguageModelTextPart(this.dependencies.redactor.redact(text)),
    ]);
  }

  private async read(
    name: Exclude<ToolName, 'scalekit_decode_jwt'>,
    input: unknown,
    environment: Environment,
    budget: number,
    cancellation: vscode.CancellationToken,
  ): Promise<JsonRecord> {
    const controller = new AbortController();
    const listening = cancellation.onCancellationRequested(() => controller.abort());
    try {
      const { environments, redactor } = this.dependencies;
      return await inEnvironment(environment, async () => {
        const client = await environments.client(environment.id);
        return TOOLS[name].read({
          client,
          input,
          redactor,
          budget,
          options: { signal: controller.signal, fresh: true },
        });
      });
    } finally {
      listening.dispose();
    }
  }

  /** The environment that the input refers to by name, host or ID, or else the active one. */
  private async environmentOf(input: unknown): Promise<Environment> {
    const { environments } = this.dependencies;
    await environments.ready();
    const named = optionalText(input, 'environment');
    if (named === undefined) {
      const active = environments.active();
      if (active === undefined)
        throw new ToolInputError(
          'There is no Scalekit environment in VS Code yet. The person can add one with the command "Scalekit: Add Environment…".',
        );
      return active;
    }
    const all = environments.list();
    const wanted = named.toLowerCase();
    const byId = all.find(({ id }) => id === named);
    const matches =
      byId === undefined
        ? all.filter(({ name, host }) => name.toLowerCase() === wanted || host.toLowerCase() === wanted)
        : [byId];
    const [match] = matches;
    if (match !== undefined && matches.length === 1) return match;
    const known = (matches.length > 1 ? matches : all)
      .slice(0, 20)
      .map(({ id, name, host }) => `${JSON.stringify(displayText(name))} (id ${id}, host ${host})`);
    throw new ToolInputError(
      known.length === 0
        ? 'There is no Scalekit environment in VS Code yet. The person can add one with the command "Scalekit: Add Environment…".'
        : `"environment" must name one of these, by its id: ${known.join(', ')}.`,
    );
  }
}

/** Text without any meaning as Markdown: names come from elsewhere. */
function plainMarkdown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendText(text);
}

/** Turns failures into sentences that a model can read. */
async function inSentences<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (isCancelled(error)) throw new vscode.CancellationError();
    if (!(error instanceof EnvironmentFailure)) throw error;
    const { failure } = error;
    if (failure instanceof ScalekitError && failure.kind === 'notFound' && failure.details.server === 'api') {
      throw new Error(
        vscode.l10n.t('{0}: Scalekit has nothing with this ID. Check the ID.', displayText(error.environment.name)),
        { cause: error },
      );
    }
    throw new Error(failureMessage(error).text, { cause: error });
  }
}
