import { join } from 'node:path';
import * as vscode from 'vscode';
import { AGENT_COMMANDS } from './agents/commandIds';
import type { AccessToken } from './api/client/accessToken';
import type { ClientCredentials } from './api/client/clientCredentials';
import type { RequestLogEntry } from './api/client/http';
import type { Fetch } from './api/client/nodeFetch';
import { ScalekitClient } from './api/client/scalekitClient';
import { TokenSource } from './api/client/tokenSource';
import { createTransport } from './api/client/transport';
import { lazy } from './core/lazy';
import { DOCUMENT_ACTIONS } from './documents/commandIds';
import { documentCommands } from './documents/documentCommands';
import { ScalekitFileSystem } from './documents/scalekitFileSystem';
import { ENVIRONMENT_COMMANDS } from './environments/commandIds';
import { EnvironmentFiles } from './environments/environmentFiles';
import { EnvironmentFromVariables } from './environments/environmentFromVariables';
import { EnvironmentsView } from './environments/environmentsView';
import { EnvironmentStore } from './environments/environmentStore';
import { SandboxEnvironment } from './environments/sandboxEnvironment';
import { StoredEnvironments } from './environments/storedEnvironments';
import { usableCredentials } from './environments/usableCredentials';
import { MCP_COMMANDS } from './mcp/commandIds';
import type { Resolve } from './mcp/prober';
import { PROJECT_FILE_COMMANDS } from './projectFiles/commandIds';
import { REQUEST_COMMANDS } from './requests/commandIds';
import { COPY_COMMANDS, RESOURCE_ACTIONS, SEARCH_COMMANDS } from './resources/commandIds';
import { createConfigurationView } from './resources/configurationView';
import { deleteCommand } from './resources/deleteCommand';
import { listCommands } from './resources/listCommands';
import { OrganizationsView } from './resources/organizations/organizationsView';
import { showSaved } from './resources/showSaved';
import { SIGN_IN_COMMANDS } from './signIn/commandIds';
import { COPY_URL_COMMANDS } from './signIn/copyUrl/commandIds';
import { SIGN_IN_SUMMARY_COMMANDS } from './signIn/summary/commandIds';
import { TERMINAL_COMMANDS } from './terminal/commandIds';
import { TOKEN_COMMANDS } from './tokens/commandIds';
import { environmentHover } from './tokens/environmentHover';
import { StatusBar } from './tokens/statusBar';
import { focusedRow } from './tree/focusedRow';
import { Commands, type RegisterCommand } from './ui/commands';
import { HELP_COMMANDS } from './ui/helpCommandIds';
import { Log } from './ui/log';
import type { Prompts } from './ui/prompts';
import { redactErrors } from './ui/redactErrors';
import { Redactor } from './ui/redactor';
import type { SecretClipboard } from './ui/secretClipboard';
import { VirtualDocuments } from './ui/virtualDocuments';
import { WEBHOOK_COMMANDS } from './webhooks/commandIds';
import { showsPayload } from './webhooks/payloadScheme';
import { Environments } from './environments/environments';

/** What a workbench gets from its host: a user's window or a test. */
export interface WorkbenchHost {
  readonly secrets: vscode.SecretStorage;
  readonly workspaceState: vscode.Memento;
  /** Undefined in a window without a folder. */
  readonly storageUri: vscode.Uri | undefined;
  readonly globalStorageUri: vscode.Uri;
  readonly extension: Pick<vscode.Extension<unknown>, 'id' | 'packageJSON' | 'extensionKind'>;
  /** The folder of the bundles that run as separate processes: the sandbox, and the terminal's programs. */
  readonly programs: string;
  readonly channel: vscode.LogOutputChannel;
  readonly prompts: Prompts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly fetch: Fetch;
  /** How Check MCP Server… looks host names up. Default: as the system does. */
  readonly resolve?: Resolve;
  /** How often a client retries a failed request. Default: the client decides. */
  readonly retries?: number;
  readonly processEnvironment: NodeJS.ProcessEnv;
  readonly clipboard: SecretClipboard;
  readonly openLink: (url: string) => Promise<boolean>;
  readonly registerCommand: RegisterCommand;
}

/** The connected parts of the extension. */
export type Workbench = ReturnType<typeof createWorkbench>;

/** Runs a command of a row's menu, if there is a row and a command. */
async function runOn(row: object | undefined, command: string | undefined): Promise<void> {
  if (row !== undefined && command !== undefined) await vscode.commands.executeCommand(command, row);
}

/** Creates the parts and connects them. Uses no network, reads no secret and waits for nothing. */
export function createWorkbench(host: WorkbenchHost) {
  const { channel, clipboard, extension, now, openLink, prompts, workspaceState } = host;
  const isInBrowser = vscode.env.uiKind === vscode.UIKind.Web;
  const features = lazy(() => import('./lazyFeatures'));
  const owned: vscode.Disposable[] = [channel];
  const own = <T extends vscode.Disposable>(part: T): T => {
    owned.push(part);
    return part;
  };

  const redactor = new Redactor();
  const log = new Log(channel, redactor);
  const requests = own(new vscode.EventEmitter<RequestLogEntry>());
  requests.event((entry) => log.exchange(entry));
  const userAgent = `scalekit-workbench/${(extension.packageJSON as { version: string }).version}`;
  const transport = createTransport({
    fetch: host.fetch,
    userAgent,
    now,
    onRequest: (entry) => requests.fire(entry),
  });
  const exchange = redactErrors(transport, redactor);
  const createClient = (
    credentials: ClientCredentials,
    onToken?: (token: AccessToken) => void,
    retries = host.retries,
  ): ScalekitClient => {
    redactor.add(credentials.clientSecret);
    const tokens = new TokenSource({
      credentials,
      exchange,
      now,
      retries,
      onToken: (token, scope) => {
        redactor.add(token.value);
        if (scope === '') onToken?.(token);
      },
    });
    return new ScalekitClient({ environmentUrl: credentials.environmentUrl, tokens, exchange, now, retries });
  };

  const files = new EnvironmentFiles(vscode.Uri.joinPath(host.globalStorageUri, 'environments'), now);
  const stored = new StoredEnvironments(host.secrets, files, now, log);
  const variables = new EnvironmentFromVariables(
    host.processEnvironment,
    vscode.l10n.t('From environment variables'),
    now,
  );
  const sandboxLauncher = lazy(async () =>
    own(
      new (await features()).SandboxLauncher({
        program: join(host.programs, 'sandbox.js'),
        workspaceState,
        storageUri: host.storageUri,
        secrets: host.secrets,
        now,
        log,
        prompts,
        redactor,
        windowName: () => vscode.workspace.name ?? vscode.l10n.t('without a folder'),
      }),
    ),
  );
  const localSandbox = new SandboxEnvironment(
    vscode.l10n.t('Local sandbox'),
    workspaceState,
    now,
    log,
    sandboxLauncher,
  );
  const store = own(
    new EnvironmentStore([stored, variables, localSandbox], workspaceState, (error) =>
      log.error(`Environments could not be read or remembered: ${String(error)}`),
    ),
  );
  const environments = own(new Environments(store, createClient, now));

  own(new StatusBar(environments, now));
  const environmentsView = own(
    new EnvironmentsView(store, {
      hoverOf: (environment) =>
        environmentHover(environment, {
          token: environments.tokenStatus(environment.id),
          isActive: environment.id === store.active?.id,
          now: now(),
        }),
      onDidChange: environments.onDidChangeTokenStatus,
    }),
  );
  const organizationsView = own(
    new OrganizationsView(environments, async (...row) =>
      (await import('./resources/organizationContents')).organizationLists(...row),
    ),
  );
  const configurationView = own(createConfigurationView(environments));
  const fileSystem = own(
    new ScalekitFileSystem({
      environments,
      prompts,
      redactor,
      now,
      saveResource: async (...save) => (await features()).saveResource(...save),
      readOnlyFields: lazy(async () => own(new (await features()).ReadOnlyFields())),
    }),
  );
  const virtualDocuments = own(new VirtualDocuments());
  organizationsView.treeView.onDidShowRecord((reference) => fileSystem.remember(reference));
  fileSystem.onDidSave((saved) => showSaved(saved, organizationsView, configurationView));

  const tokens = lazy(async () => new (await features()).TokenActions({ environments, prompts, now, clipboard }));
  const terminals = lazy(async () =>
    own(
      new (await features()).TerminalActions({
        environments,
        readCredentials: (id) => usableCredentials(store, id),
        prompts,
        log,
        redactor,
        shippedPrograms: join(host.programs, 'terminal'),
        programFolder: join(host.globalStorageUri.fsPath, 'bin'),
        terminalsAreElsewhere:
          vscode.env.remoteName !== undefined && extension.extensionKind === vscode.ExtensionKind.UI,
      }),
    ),
  );
  const webhookSecrets = lazy(
    async () =>
      new (await features()).WebhookSecrets({ secrets: host.secrets, workspaceState, prompts, redactor, clipboard }),
  );
  const activity = lazy(async () => {
    const {
      ActivityView,
      ReceivedWebhookList,
      SandboxRequestList,
      SentRequestList,
      SentWebhookList,
      SignInAttemptList,
    } = await features();
    const view = own(new ActivityView());
    const signInAttempts = view.add(new SignInAttemptList());
    const sentRequests = view.add(new SentRequestList(virtualDocuments, redactor));
    const sentWebhooks = view.add(new SentWebhookList());
    const receivedWebhooks = view.add(
      new ReceivedWebhookList(virtualDocuments, redactor, async () => (await webhookSecrets()).stored()),
    );
    const sandboxRequests = view.add(new SandboxRequestList(virtualDocuments));
    return { view, signInAttempts, sentRequests, sentWebhooks, receivedWebhooks, sandboxRequests };
  });
  const signIns = lazy(async () => {
    const { commentedClaims, EnvironmentKeys, SignIns } = await features();
    return own(
      new SignIns({
        environments,
        readCredentials: (id) => usableCredentials(store, id),
        exchange,
        keys: new EnvironmentKeys(exchange, now),
        commentedClaims,
        prompts,
        documents: virtualDocuments,
        redactor,
        clipboard,
        openLink,
        now,
        workspaceState,
        attempts: (await activity()).signInAttempts,
        isInBrowser,
      }),
    );
  });
  const webhooks = lazy(async () => {
    const { sentWebhooks, receivedWebhooks } = await activity();
    return (await features()).webhookCommands({
      environments,
      prompts,
      documents: virtualDocuments,
      redactor,
      secrets: await webhookSecrets(),
      sent: sentWebhooks,
      received: receivedWebhooks,
      workspaceState,
      clipboard,
      now,
      selectedRow: () => organizationsView.treeView.view.selection[0],
      shownOrganizations: (environmentId) => organizationsView.shownOrganizations(environmentId),
      subscriptions: owned,
    });
  });
  const undoOffer = lazy(async () => own(new (await features()).UndoOffer()));
  const agentTools = lazy(async () => {
    const { AgentTools, decodeJwt } = await features();
    return new AgentTools({ environments, redactor, decodeJwt });
  });

  const projectFiles = lazy(async () => {
    const { environmentWith, ProjectFiles } = await features();
    return own(
      new ProjectFiles({
        environments,
        readSecret: async (id) => (await store.readCredentials(id).catch(() => undefined))?.clientSecret,
        findStored: (...client) => environmentWith(store, ...client),
      }),
    );
  });

  // Every command of the extension. The tables show what each one does.
  const commands = own(new Commands(prompts, log, redactor, host.registerCommand));
  commands.register(documentCommands(fileSystem));
  commands.register(listCommands(organizationsView, configurationView));
  commands.register({ 'scalekit.log.show': () => log.show() });
  const focused = {
    environments: () => focusedRow(environmentsView.view),
    organizations: () => focusedRow(organizationsView.treeView.view),
    configuration: () => focusedRow(configurationView.view),
  };
  commands.register({
    // Keys, whose argument says which view has the focus.
    'scalekit.row.delete': async (view) => {
      if (view === 'environments') await runOn(await focused.environments(), 'scalekit.environment.remove');
      if (view !== 'organizations' && view !== 'configuration') return;
      const row = await focused[view]();
      await runOn(row, row && deleteCommand(row));
    },
    'scalekit.row.rename': async () => runOn(await focused.environments(), 'scalekit.environment.rename'),
  });
  const enteringCredentials = {
    prompts,
    redactor,
    // The user is waiting for the response, so it retries only once.
    createClient: (credentials: ClientCredentials) => createClient(credentials, undefined, host.retries ?? 1),
    readClipboard: () => clipboard.read(),
    store,
    stored,
  };
  commands.registerLazily(ENVIRONMENT_COMMANDS, async () =>
    (await features()).environmentCommands({
      ...enteringCredentials,
      sandbox: localSandbox,
      environments,
      clipboard,
      openLink,
      isInBrowser,
    }),
  );
  commands.registerLazily(PROJECT_FILE_COMMANDS, async () => {
    const { addFoundCredentials, hasSecret, projectFileCommands } = await features();
    return projectFileCommands({
      prompts,
      addEnvironment: (found) => addFoundCredentials(found, enteringCredentials),
      hasSecret: (...secret) => hasSecret(store, ...secret),
    });
  });
  commands.registerLazily(TOKEN_COMMANDS, async () =>
    (await features()).tokenCommands({
      actions: await tokens(),
      environments,
      exchange,
      documents: virtualDocuments,
      prompts,
      redactor,
      now,
    }),
  );
  commands.registerLazily(TERMINAL_COMMANDS, async () => (await features()).terminalCommands(await terminals()));
  commands.registerLazily(REQUEST_COMMANDS, async () => {
    const { sentRequests } = await activity();
    return (await features()).requestCommands({
      now,
      subscriptions: owned,
      onDidSend: (report) => sentRequests.record(report),
      environments,
      prompts,
      documents: virtualDocuments,
      redactor,
      organizations: organizationsView,
      tokens: await tokens(),
      terminals: await terminals(),
      clipboard,
    });
  });
  commands.registerLazily(SIGN_IN_COMMANDS, async () => (await features()).signInCommands(await signIns()));
  commands.registerLazily(WEBHOOK_COMMANDS, webhooks);
  commands.registerLazily(['scalekit.activity.clear', 'scalekit.activityEntry.open'], async () => {
    const { view } = await activity();
    return {
      'scalekit.activity.clear': () => view.clear(),
      'scalekit.activityEntry.open': (argument) => view.open(argument),
    };
  });
  localSandbox.onDidReceiveRequest(
    (message) => void commands.run('activity', async () => (await activity()).sandboxRequests.record(message)),
  );
  commands.registerLazily(RESOURCE_ACTIONS, async () => {
    const { resourceActions, Writer } = await features();
    const writer = new Writer({ environments, prompts, undo: await undoOffer() });
    return resourceActions({
      environments,
      prompts,
      writer,
      organizationsView,
      configurationView,
      documents: fileSystem,
      redactor,
      clipboard,
      openLink,
    });
  });
  commands.registerLazily(['scalekit.change.undo'], async () =>
    (await features()).undoCommands(await undoOffer(), commands),
  );
  commands.registerLazily(SEARCH_COMMANDS, async () =>
    (await features()).searchCommands({ environments, organizationsView, configurationView, prompts }),
  );
  commands.registerLazily(COPY_URL_COMMANDS, async () => {
    const { copyUrlCommands, RememberedChoices } = await features();
    const remembered = new RememberedChoices(workspaceState);
    return copyUrlCommands({ environments, prompts, remembered, redactor, clipboard });
  });
  commands.registerLazily(SIGN_IN_SUMMARY_COMMANDS, async () => {
    const { showFailedSignIns, summaryCommands } = await features();
    return summaryCommands({
      environments,
      prompts,
      documents: virtualDocuments,
      redactor,
      now,
      views: {
        nameOf: ({ environmentId, organizationId }) =>
          organizationsView.shownOrganizations(environmentId).find(({ id }) => id === organizationId)?.displayName,
        showFailed: async (organization) => {
          await store.setActive(organization.environmentId);
          await showFailedSignIns(organization, organizationsView);
        },
      },
    });
  });
  commands.registerLazily(COPY_COMMANDS, async () => (await features()).copyCommands());
  commands.registerLazily(DOCUMENT_ACTIONS, async () => {
    const { documentActions, matchingOrganizations } = await features();
    return documentActions({
      environments,
      prompts,
      files: fileSystem,
      organizations: (...search) => matchingOrganizations(organizationsView, environments, ...search),
    });
  });
  commands.registerLazily(AGENT_COMMANDS, async () => (await features()).agentCommands());
  commands.registerLazily(MCP_COMMANDS, async () => {
    const { decodeJwt, findJwt, mcpCommands } = await features();
    return mcpCommands({
      environments,
      prompts,
      documents: virtualDocuments,
      redactor,
      jwt: { find: findJwt, decode: decodeJwt },
      userAgent,
      now,
      ...(host.resolve === undefined ? {} : { resolve: host.resolve }),
    });
  });
  commands.registerLazily(HELP_COMMANDS, async () =>
    (await features()).helpCommands({ extension, environments, log, redactor, documents: virtualDocuments, prompts }),
  );

  store.onDidChange(async (difference) => {
    if (difference.removed.length > 0) (await features()).showActiveEnvironment(difference);
  });

  if (showsPayload()) void commands.run('webhooks', async () => void (await webhooks()));

  return {
    activity,
    agentTools,
    commands,
    configurationView,
    createClient,
    environments,
    environmentsView,
    fileSystem,
    localSandbox,
    log,
    onDidSendRequest: requests.event,
    organizationsView,
    projectFiles,
    redactor,
    store,
    stored,
    undoOffer,
    virtualDocuments,
    dispose: () => vscode.Disposable.from(...owned).dispose(),
  };
}
