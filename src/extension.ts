import { join } from 'node:path';
import * as vscode from 'vscode';
import { TOOL_NAMES } from './agents/toolNames';
import type { AccessToken } from './api/accessToken';
import type { ClientCredentials } from './api/clientCredentials';
import { nodeFetch } from './api/nodeFetch';
import { readOrganization } from './api/organizations';
import { ScalekitClient } from './api/scalekitClient';
import { TokenSource } from './api/tokenSource';
import { createTransport } from './api/transport';
import { openDocument } from './documents/documentActions';
import { ScalekitFileSystem } from './documents/scalekitFileSystem';
import { resolveEnvironment } from './ui/resolveEnvironment';
import { Commands } from './ui/commands';
import { setContext, setContexts } from './ui/contextKeys';
import { vscodePrompts } from './ui/vscodePrompts';
import { SCALEKIT_SCHEME } from './core/documentReference';
import { escapedPrompts } from './ui/escapedPrompts';
import { lazy } from './core/lazy';
import { Log } from './ui/log';
import { openLink } from './ui/openLink';
import { redactErrors } from './ui/redactErrors';
import { Redactor } from './ui/redactor';
import { VirtualDocuments } from './ui/virtualDocuments';
import { createEnvironmentAccess } from './environments/createEnvironmentAccess';
import { EnvironmentClients } from './environments/environmentClients';
import { environmentFacts } from './environments/environmentFacts';
import { EnvironmentFiles } from './environments/environmentFiles';
import { EnvironmentStore } from './environments/environmentStore';
import { EnvironmentsView } from './environments/environmentsView';
import { EnvironmentFromVariables } from './environments/environmentFromVariables';
import { SandboxEnvironment } from './environments/sandboxEnvironment';
import { StoredEnvironments } from './environments/storedEnvironments';
import { usableCredentials } from './environments/usableCredentials';
import { createConfigurationView } from './resources/configurationView';
import { EXPLORER_ACTIONS } from './resources/actionIds';
import { listCommands } from './resources/listCommands';
import type { ReadContents } from './resources/organizations/organizationNode';
import { OrganizationsView } from './resources/organizations/organizationsView';
import { ListTreeView } from './tree/treeView';
import { StatusBar } from './tokens/statusBar';
import { validUntil } from './tokens/timeOfDay';
import { TokenActions } from './tokens/tokenActions';
import { TokenClipboard } from './tokens/tokenClipboard';

/** Where the Scalekit dashboard begins; its addresses of single objects are not documented (docs/scalekit-api.md, 1.5). */
const DASHBOARD = 'https://app.scalekit.com';

/** Builds the parts and joins them. No network, no secret is read, nothing is waited for. */
export function activate(context: vscode.ExtensionContext): void {
  const features = lazy(() => import('./lazyFeatures'));
  const now = Date.now;
  const prompts = escapedPrompts(vscodePrompts);
  const redactor = new Redactor();
  const channel = vscode.window.createOutputChannel('Scalekit', { log: true });
  const log = new Log(channel, redactor);

  const version = (context.extension.packageJSON as { version: string }).version;
  const transport = createTransport({
    fetch: nodeFetch,
    userAgent: `scalekit-workbench/${version}`,
    now,
    onRequest: (report) => log.exchange(report),
  });
  const exchange = redactErrors(transport, redactor);
  const createClient = (
    credentials: ClientCredentials,
    onToken?: (token: AccessToken) => void,
    retries?: number,
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

  const files = new EnvironmentFiles(vscode.Uri.joinPath(context.globalStorageUri, 'environments'), now);
  const stored = new StoredEnvironments(context.secrets, files, now, log);
  const fromProcess = new EnvironmentFromVariables(process.env, vscode.l10n.t('From environment variables'), now);
  const program = join(context.extensionPath, 'dist', 'sandbox.js');
  const sandbox = new SandboxEnvironment(program, vscode.l10n.t('Local sandbox'), context.workspaceState, now, log);
  const store = new EnvironmentStore([stored, fromProcess, sandbox], context.workspaceState, (error) =>
    log.error(`Environments could not be read or remembered: ${String(error)}`),
  );
  const clients = new EnvironmentClients(store, createClient, now);
  const environments = createEnvironmentAccess(store, clients);

  const readContents: ReadContents = async (...row) =>
    (await import('./resources/organizationContents')).organizationBranches(...row);
  const environmentsView = new EnvironmentsView(store);
  const organizationsView = new OrganizationsView(environments, readContents, (reference) =>
    fileSystem.remember(reference),
  );
  const configurationView = createConfigurationView(environments);
  const fileSystem = new ScalekitFileSystem({
    environments,
    prompts,
    redactor,
    now,
    saveResource: async (...save) => (await features()).saveResource(...save),
    onDidWrite: ({ environmentId, path: [collection = ''] }, json) => {
      setContext('scalekit.hasSavedDocument', true);
      const organization = collection === 'organizations' ? readOrganization(json) : undefined;
      if (organization !== undefined) organizationsView.update(environmentId, organization);
      else void configurationView.refreshTopList(environmentId, collection);
      // Rows of users say their roles' names.
      if (collection === 'roles') void organizationsView.refreshLists(environmentId, 'users');
    },
  });
  const virtualDocuments = new VirtualDocuments();

  const environmentTools = lazy(async () => {
    const { EnvironmentChooser } = await features();
    return {
      prompts,
      redactor,
      // A person is waiting for the answer: one more try, no longer.
      createClient: (credentials: ClientCredentials) => createClient(credentials, undefined, 1),
      readClipboard: async () => vscode.env.clipboard.readText(),
      store,
      stored,
      chooser: new EnvironmentChooser(store, prompts),
    };
  });
  const environmentActions = lazy(async () => {
    const { EnvironmentActions, enterCredentials } = await features();
    const tools = await environmentTools();
    return new EnvironmentActions({
      ...tools,
      sandbox,
      clients,
      enterCredentials: (options) => enterCredentials(options, tools),
    });
  });
  const tokenClipboard = new TokenClipboard(vscode.env.uiKind === vscode.UIKind.Desktop);
  const dotenvActions = lazy(async () => {
    const { DotenvActions } = await features();
    return new DotenvActions({ ...(await environmentTools()), copySecret: (text) => tokenClipboard.copy(text) });
  });
  const tokenActions = new TokenActions({ environments, prompts, now, clipboard: tokenClipboard });
  const statusBar = new StatusBar(environments, now);
  const activity = lazy(async () => {
    const { ActivityView, SandboxRequestList, SentRequestList } = await features();
    const view = new ActivityView();
    context.subscriptions.push(view);
    const sent = view.add(new SentRequestList(virtualDocuments, redactor));
    return { view, sent, received: view.add(new SandboxRequestList(virtualDocuments)) };
  });
  const requestActions = lazy(async () => {
    const { createRequestActions } = await features();
    const { sent } = await activity();
    return createRequestActions({
      now,
      onDidSend: (report) => sent.record(report),
      environments,
      prompts,
      documents: virtualDocuments,
      redactor,
      suggest: (environmentId, kind) =>
        kind === 'organization'
          ? organizationsView
              .shownOrganizations(environmentId)
              .map(({ id, displayName }) => ({ value: id, label: displayName }))
          : [],
      shownSearch: (environmentId) => organizationsView.shownSearch(environmentId),
      chooseEnvironment: (argument) => resolveEnvironment(argument, environments, prompts),
      liveToken: async (environment) => {
        const token = await tokenActions.handOut(environment);
        return { value: token.value, validity: validUntil(token, now()) };
      },
      copySecret: (text) => tokenClipboard.copy(text),
      isInTerminal: async (environmentId) => (await terminalActions()).isActive(environmentId),
    });
  });
  const explorerActions = lazy(async () => {
    const { createExplorerActions, UndoOffer, Writer } = await features();
    const undo = new UndoOffer();
    context.subscriptions.push(undo);
    const writer = new Writer({ environments, prompts, undo });
    const actions = createExplorerActions({
      environments,
      prompts,
      writer,
      organizationsView,
      configurationView,
      documents: {
        open: (reference) => openDocument(reference, fileSystem),
        refresh: (reference) => fileSystem.refresh(reference),
        deleted: (reference) => fileSystem.deleted(reference),
      },
      redactor,
      copySecret: (text) => tokenClipboard.copy(text),
      clipboardClearsAfter: () => tokenClipboard.clearsAfter,
      openLink,
    });
    return { ...actions, 'scalekit.change.undo': () => undo.run((task) => commands.run('scalekit.change.undo', task)) };
  });
  const tokenInspector = lazy(async () => {
    const { TokenInspector } = await features();
    return new TokenInspector({ environments, exchange, documents: virtualDocuments, prompts, redactor, now });
  });
  const agentTools = lazy(async () => {
    const { AgentTools, decodeJwt } = await features();
    return new AgentTools({ environments, redactor, decodeJwt });
  });
  const terminalActions = lazy(async () => {
    const { TerminalActions } = await features();
    const actions = new TerminalActions({
      environments,
      readCredentials: (id) => usableCredentials(store, id),
      prompts,
      log,
      redactor,
      shippedPrograms: join(context.extensionPath, 'dist', 'terminal'),
      programFolder: join(context.globalStorageUri.fsPath, 'bin'),
      terminalsAreElsewhere:
        vscode.env.remoteName !== undefined && context.extension.extensionKind === vscode.ExtensionKind.UI,
    });
    context.subscriptions.push(actions);
    return actions;
  });

  const commands = new Commands(prompts, log, redactor);
  commands.register('scalekit.environment.add', async () => (await environmentActions()).add());
  commands.register('scalekit.environment.switch', async (argument) => (await environmentActions()).switch(argument));
  commands.register('scalekit.environment.test', async (argument) => (await environmentActions()).test(argument));
  commands.register('scalekit.environment.replaceSecret', async (argument) =>
    (await environmentActions()).replaceSecret(argument),
  );
  commands.register('scalekit.environment.rename', async (argument) => (await environmentActions()).rename(argument));
  commands.register('scalekit.environment.markProduction', async (argument) =>
    (await environmentActions()).setProduction(argument, true),
  );
  commands.register('scalekit.environment.unmarkProduction', async (argument) =>
    (await environmentActions()).setProduction(argument, false),
  );
  commands.register('scalekit.environment.remove', async (argument) => (await environmentActions()).remove(argument));
  commands.register('scalekit.environment.importDotenv', async () => (await dotenvActions()).import());
  commands.register('scalekit.environment.copyDotenv', async (argument) => (await dotenvActions()).copy(argument));
  commands.register('scalekit.sandbox.start', async () => (await environmentActions()).startSandbox());
  commands.register('scalekit.sandbox.stop', async () => (await environmentActions()).stopSandbox());
  commands.register('scalekit.walkthrough.open', async () =>
    (await features()).openWalkthrough(`${context.extension.id}#start`),
  );
  commands.register('scalekit.token.copy', (argument) => tokenActions.copy(argument));
  commands.register('scalekit.token.copyHeader', (argument) => tokenActions.copyHeader(argument));
  commands.register('scalekit.token.copyWithScope', (argument) => tokenActions.copyWithScope(argument));
  commands.register('scalekit.token.fetch', (argument) => tokenActions.fetch(argument));
  commands.register('scalekit.token.inspect', async (argument) =>
    (await tokenInspector()).inspectAccessToken(argument),
  );
  commands.register('scalekit.token.inspectJwt', async () => (await tokenInspector()).inspectJwt());
  commands.register('scalekit.environment.openTerminal', async (argument) => (await terminalActions()).open(argument));
  commands.register('scalekit.token.copyRequest', async (argument) => (await requestActions()).copy(argument));
  commands.register('scalekit.request.send', async (argument) => (await requestActions()).send(argument));
  commands.register('scalekit.request.repeat', async (argument) => (await requestActions()).repeat(argument));
  commands.register('scalekit.activity.clear', async () => (await activity()).view.clear());
  commands.register('scalekit.activityEntry.open', async (argument) => (await activity()).view.open(argument));
  sandbox.onDidReceiveRequest(
    (message) => void commands.run('activity', async () => (await activity()).received.record(message)),
  );
  commands.register('scalekit.row.run', () =>
    ListTreeView.runSelectedRow([organizationsView.treeView, configurationView]),
  );
  for (const [id, handler] of Object.entries(listCommands(organizationsView, configurationView)))
    commands.register(id, handler);
  commands.register('scalekit.organizations.search', async () => {
    const { searchOrganizationsFlow } = await features();
    await searchOrganizationsFlow(organizationsView, environments, prompts);
  });
  commands.register('scalekit.organizations.clearSearch', (argument) => organizationsView.clearSearch(argument));
  commands.register('scalekit.signInLog.filter', async (argument) =>
    (await features()).filterSignInLog(argument, organizationsView, prompts),
  );
  commands.register('scalekit.users.search', async (argument) =>
    (await features()).searchUsersFlow(argument, organizationsView, prompts),
  );
  commands.register('scalekit.configuration.refresh', () => configurationView.refresh());
  commands.register('scalekit.organization.open', (argument) => openDocument(argument, fileSystem));
  commands.register('scalekit.document.open', (argument) => openDocument(argument, fileSystem));
  commands.register('scalekit.document.save', () => fileSystem.save());
  commands.register('scalekit.document.compare', async (argument, selection) =>
    (await features()).compareDocuments(argument, selection, { environments, prompts, files: fileSystem }),
  );
  commands.register('scalekit.organization.copyId', async (argument, selection) =>
    (await features()).copyIds(argument, selection),
  );
  commands.register('scalekit.organization.copyExternalId', async (argument, selection) =>
    (await features()).copyExternalIds(argument, selection),
  );
  commands.register('scalekit.resource.copyId', async (argument, selection) =>
    (await features()).copyIds(argument, selection),
  );
  commands.register('scalekit.resource.copyName', async (argument, selection) =>
    (await features()).copyNames(argument, selection),
  );
  commands.register('scalekit.dashboard.open', async () => {
    await openLink(DASHBOARD);
  });

  for (const id of ['scalekit.change.undo', ...EXPLORER_ACTIONS] as const) {
    commands.register(id, async (argument, selection) => (await explorerActions())[id](argument, selection));
  }

  commands.register('scalekit.accessibilityHelp.open', async () =>
    (await features()).openAccessibilityHelp(virtualDocuments),
  );
  commands.register('scalekit.log.show', () => log.show());
  commands.register('scalekit.issue.report', async () =>
    (await features()).reportIssue({
      extension: context.extension,
      environments,
      log,
      redactor,
      documents: virtualDocuments,
      prompts,
    }),
  );
  commands.register('scalekit.mcp.copyConfiguration', async () => (await features()).copyMcpConfiguration());
  for (const name of TOOL_NAMES) {
    context.subscriptions.push(
      vscode.lm.registerTool(name, {
        prepareInvocation: async ({ input }) => (await agentTools()).prepare(name, input),
        invoke: async (options, cancellation) => (await agentTools()).invoke(name, options, cancellation),
      }),
    );
  }

  context.subscriptions.push(
    channel,
    store,
    clients,
    store.onDidChange(() => showFacts(store, sandbox)),
    store.onDidChange(async (difference) => {
      if (difference.removed.length > 0) (await features()).sayWhatIsActive(difference);
    }),
    statusBar,
    tokenClipboard,
    environmentsView,
    vscode.window.registerTreeDataProvider('scalekit.environments', environmentsView),
    organizationsView,
    configurationView,
    fileSystem,
    virtualDocuments,
    vscode.workspace.registerFileSystemProvider(SCALEKIT_SCHEME, fileSystem, { isCaseSensitive: true }),
    commands,
  );
  void commands.run('load', async () => {
    await store.load();
    showFacts(store, sandbox);
  });
}

function showFacts(store: EnvironmentStore, sandbox: SandboxEnvironment): void {
  setContexts({ ...environmentFacts(store.list()), 'scalekit.sandboxRunning': sandbox.isRunning });
}
