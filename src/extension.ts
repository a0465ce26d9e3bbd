import { join } from 'node:path';
import * as vscode from 'vscode';
import { expiresAt, type AccessToken } from './api/accessToken.js';
import type { ClientCredentials } from './api/clientCredentials.js';
import { nodeFetch } from './api/nodeFetch.js';
import { ScalekitClient } from './api/scalekitClient.js';
import { TokenSource } from './api/tokenSource.js';
import { createTransport } from './api/transport.js';
import { openDocument } from './documents/documentActions.js';
import { ScalekitFileSystem } from './documents/scalekitFileSystem.js';
import { chosenEnvironment } from './editor/chosenEnvironment.js';
import { Commands } from './editor/commands.js';
import { setContext } from './editor/contextKeys.js';
import { editorPrompts } from './editor/editorPrompts.js';
import { SCALEKIT_SCHEME } from './editor/documentReference.js';
import { lazily } from './editor/lazily.js';
import { Log } from './editor/log.js';
import { Redactor } from './editor/redactor.js';
import { VirtualDocuments } from './editor/virtualDocuments.js';
import { createEnvironmentAccess } from './environments/createEnvironmentAccess.js';
import { EnvironmentActions } from './environments/environmentActions.js';
import { EnvironmentChooser } from './environments/environmentChooser.js';
import { EnvironmentClients } from './environments/environmentClients.js';
import { EnvironmentFiles } from './environments/environmentFiles.js';
import { EnvironmentStore } from './environments/environmentStore.js';
import { EnvironmentsView } from './environments/environmentsView.js';
import { ProcessEnvironment } from './environments/processEnvironment.js';
import { SandboxEnvironment } from './environments/sandboxEnvironment.js';
import { StoredEnvironments } from './environments/storedEnvironments.js';
import { createConfigurationView } from './explorer/configurationView.js';
import { OrganizationActions } from './explorer/organizationActions.js';
import { OrganizationsView } from './explorer/organizationsView.js';
import { StatusBar } from './tokens/statusBar.js';
import { timeOfDay } from './tokens/timeOfDay.js';
import { TokenActions } from './tokens/tokenActions.js';
import { TokenClipboard } from './tokens/tokenClipboard.js';

/** Builds the parts and joins them. No network, no secret is read, nothing is waited for. */
export function activate(context: vscode.ExtensionContext): void {
  const now = Date.now;
  const prompts = editorPrompts;
  const redactor = new Redactor();
  const channel = vscode.window.createOutputChannel('Scalekit', { log: true });
  const log = new Log(channel, redactor);

  const version = (context.extension.packageJSON as { version: string }).version;
  const exchange = createTransport({
    fetch: nodeFetch,
    userAgent: `scalekit-workbench/${version}`,
    now,
    onExchange: (report) => log.exchange(report),
  });
  const createClient = (credentials: ClientCredentials, onToken?: (token: AccessToken) => void, retries?: number): ScalekitClient => {
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
  const fromProcess = new ProcessEnvironment(process.env, vscode.l10n.t('From environment variables'), now);
  const program = join(context.extensionPath, 'dist', 'sandbox.js');
  const sandbox = new SandboxEnvironment(program, vscode.l10n.t('Local sandbox'), context.workspaceState, now, log);
  const store = new EnvironmentStore([stored, fromProcess, sandbox], context.workspaceState, (error) =>
    log.error(`Environments could not be read: ${String(error)}`),
  );
  const clients = new EnvironmentClients(store, createClient);
  const environments = createEnvironmentAccess(store, clients);

  const environmentsView = new EnvironmentsView(store);
  const organizationsView = new OrganizationsView(environments);
  const configurationView = createConfigurationView(environments);
  const fileSystem = new ScalekitFileSystem({
    environments,
    prompts,
    redactor,
    now,
    onDidWrite: (reference) => void organizationsView.refreshOrganization(reference.path[1]),
  });
  const virtualDocuments = new VirtualDocuments();

  const later = lazily(() => import('./later.js'));
  const chooser = new EnvironmentChooser(store, prompts);
  const entering = {
    prompts,
    redactor,
    // A person is waiting for the answer: one more try, no longer.
    createClient: (credentials: ClientCredentials) => createClient(credentials, undefined, 1),
    readClipboard: async () => vscode.env.clipboard.readText(),
    store,
    stored,
    chooser,
  };
  const environmentActions = new EnvironmentActions({
    ...entering,
    sandbox,
    clients,
    enterCredentials: async (options) => (await later()).enterCredentials(options, entering),
  });
  const dotenvActions = lazily(async () => new (await later()).DotenvActions(entering));
  const tokenClipboard = new TokenClipboard(vscode.env.uiKind === vscode.UIKind.Desktop);
  const tokenActions = new TokenActions({ environments, prompts, now, clipboard: tokenClipboard });
  const statusBar = new StatusBar(environments, now);
  const organizationActions = new OrganizationActions();
  const requestActions = lazily(async () => {
    const { createRequestActions } = await later();
    return createRequestActions({
      environments,
      prompts,
      documents: virtualDocuments,
      redactor,
      suggest: (environmentId, kind) =>
        kind === 'organization' ? organizationsView.shownOrganizations(environmentId).map(({ id, displayName }) => ({ value: id, label: displayName })) : [],
      shownSearch: (environmentId) => organizationsView.shownSearch(environmentId),
      chooseEnvironment: (argument) => chosenEnvironment(argument, environments, prompts),
      liveToken: async (environment) => {
        const token = await tokenActions.handOut(environment);
        return { value: token.value, until: timeOfDay(expiresAt(token), now()) };
      },
      copySecret: (text) => tokenClipboard.copy(text),
    });
  });
  const tokenInspector = lazily(async () => {
    const { TokenInspector } = await later();
    return new TokenInspector({ environments, exchange, documents: virtualDocuments, prompts, redactor, now });
  });
  const terminalActions = lazily(async () => {
    const { TerminalActions } = await later();
    const actions = new TerminalActions({
      environments,
      readCredentials: (id) => store.readCredentials(id),
      prompts,
      log,
      redactor,
      shippedPrograms: join(context.extensionPath, 'dist', 'terminal'),
      programFolder: join(context.globalStorageUri.fsPath, 'bin'),
      terminalsAreElsewhere: vscode.env.remoteName !== undefined && context.extension.extensionKind === vscode.ExtensionKind.UI,
      now,
    });
    context.subscriptions.push(actions);
    return actions;
  });

  const commands = new Commands(prompts, log, redactor);
  commands.register('scalekit.environment.add', () => environmentActions.add());
  commands.register('scalekit.environment.switch', (argument) => environmentActions.switch(argument));
  commands.register('scalekit.environment.test', (argument) => environmentActions.test(argument));
  commands.register('scalekit.environment.replaceSecret', (argument) => environmentActions.replaceSecret(argument));
  commands.register('scalekit.environment.rename', (argument) => environmentActions.rename(argument));
  commands.register('scalekit.environment.markProduction', (argument) => environmentActions.setProduction(argument, true));
  commands.register('scalekit.environment.unmarkProduction', (argument) => environmentActions.setProduction(argument, false));
  commands.register('scalekit.environment.remove', (argument) => environmentActions.remove(argument));
  commands.register('scalekit.environment.importDotenv', async () => (await dotenvActions()).import());
  commands.register('scalekit.environment.copyDotenv', async (argument) => (await dotenvActions()).copy(argument));
  commands.register('scalekit.sandbox.start', () => environmentActions.startSandbox());
  commands.register('scalekit.sandbox.stop', () => environmentActions.stopSandbox());
  commands.register('scalekit.token.copy', (argument) => tokenActions.copy(argument));
  commands.register('scalekit.token.copyHeader', (argument) => tokenActions.copyHeader(argument));
  commands.register('scalekit.token.copyWithScope', (argument) => tokenActions.copyWithScope(argument));
  commands.register('scalekit.token.fetch', (argument) => tokenActions.fetch(argument));
  commands.register('scalekit.token.inspect', async (argument) => (await tokenInspector()).inspectAccessToken(argument));
  commands.register('scalekit.token.inspectJwt', async () => (await tokenInspector()).inspectJwt());
  commands.register('scalekit.environment.openTerminal', async (argument) => (await terminalActions()).open(argument));
  commands.register('scalekit.token.copyRequest', async (argument) => (await requestActions()).copy(argument));
  commands.register('scalekit.request.send', async (argument) => (await requestActions()).send(argument));
  commands.register('scalekit.request.repeat', async (argument) => (await requestActions()).repeat(argument));
  commands.register('scalekit.organizations.refresh', (argument) => organizationsView.refresh(argument));
  commands.register('scalekit.organizations.loadMore', (argument) => organizationsView.loadMore(argument));
  commands.register('scalekit.organizations.search', async () => {
    const { searchOrganizationsFlow } = await later();
    await searchOrganizationsFlow(organizationsView, environments, prompts);
  });
  commands.register('scalekit.organizations.clearSearch', () => organizationsView.clearSearch());
  commands.register('scalekit.signInLog.filter', async (argument) => (await later()).filterSignInLog(argument, organizationsView.treeView.branches, prompts));
  commands.register('scalekit.configuration.refresh', () => configurationView.refresh());
  commands.register('scalekit.organization.open', (argument) => openDocument(argument, fileSystem));
  commands.register('scalekit.document.open', (argument) => openDocument(argument, fileSystem));
  commands.register('scalekit.document.compare', async (argument, selection) =>
    (await later()).compareDocuments(argument, selection, { environments, prompts, files: fileSystem }),
  );
  commands.register('scalekit.organization.copyId', (argument, selection) => organizationActions.copyId(argument, selection));
  commands.register('scalekit.organization.copyExternalId', (argument, selection) => organizationActions.copyExternalId(argument, selection));

  context.subscriptions.push(
    channel,
    store,
    clients,
    store.onDidChange(() => showFacts(store, sandbox)),
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
  setContext('scalekit.environmentCount', store.list().length);
  setContext('scalekit.sandboxRunning', sandbox.isRunning);
}
