import * as vscode from 'vscode';
import { getConnection, setConnectionEnabled, type Connection } from '../../api/connections';
import { isRecord } from '../../api/json';
import { ScalekitError } from '../../api/client/scalekitError';
import { isWebAddress } from '../../api/webAddress';
import type { CommandTable } from '../../ui/commands';
import { EnvironmentFailure, inEnvironment, isNotFound } from '../../core/environmentFailure';
import { showStatus } from '../../ui/statusMessage';
import { ListNode } from '../../tree/listNode';
import type { ConnectionNode } from './connectionNode';
import { protocolName, providerName, setupState } from '../../tree/labels';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { organizationOf } from '../organizations/chosenOrganization';
import { nameWithOrganization, toggle, type Toggle } from '../organizations/toggle';
import type { Write } from '../../changes/writer';

export function connectionActions(dependencies: ActionDependencies) {
  return {
    'scalekit.connection.enable': (argument) => setEnabled(argument, true, dependencies),
    'scalekit.connection.disable': (argument) => setEnabled(argument, false, dependencies),
    'scalekit.connection.openTestSignIn': (argument) => openTestSignIn(argument, dependencies),
  } satisfies CommandTable;
}

async function setEnabled(argument: unknown, enabled: boolean, dependencies: ActionDependencies): Promise<void> {
  const shown = shownConnection(argument, dependencies);
  if (shown === undefined) return;
  const { node, viewId } = shown;
  const { connection, environmentId, document } = node;
  const what: Toggle = {
    environmentId,
    viewId,
    object: `connection/${connection.id}`,
    name: connectionName(node),
    meaning: {
      enabled: vscode.l10n.t('Users can sign in with it again.'),
      disabled: vscode.l10n.t('Nobody can sign in with it anymore.'),
    },
    set: (client, wanted) => setConnectionEnabled(client, connection, wanted),
    read: async (client) => (await getConnection(client, connection, { fresh: true })).enabled,
    list: 'connections',
    organizationId: organizationOf(node)?.organizationId,
    document,
  };
  try {
    await toggle(what, enabled, dependencies);
  } catch (error) {
    await tellIfNotOffered(error, node, dependencies);
  }
}

/**
 * Open Test Sign-in: opens the browser, where Scalekit shows what the identity provider says about the user who signs
 * in. Only the connection itself has the address.
 */
async function openTestSignIn(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  const shown = shownConnection(argument, dependencies);
  if (shown === undefined) return;
  const { node, viewId } = shown;
  const { environments, openLink, prompts } = dependencies;
  const environment = environments.get(node.environmentId);
  if (environment === undefined) return;
  const name = connectionName(node);
  const read = async (): Promise<Connection> =>
    getConnection(await environments.client(environment.id), node.connection, { fresh: true });
  const found = await vscode.window
    .withProgress({ location: { viewId } }, () => inEnvironment(environment, read))
    .then(undefined, (error: unknown) => tellIfNotOffered(error, node, dependencies));
  if (found === undefined) return;
  const { testUri, status } = found;
  if (testUri === undefined) {
    const none = vscode.l10n.t('Scalekit has no test sign-in for {0}.', name);
    const isUnfinished = setupState(status) !== undefined;
    await prompts.message(
      'information',
      isUnfinished
        ? `${none} ${vscode.l10n.t('Finish its setup first, for instance with an admin portal link.')}`
        : none,
    );
  } else if (!isWebAddress(testUri)) {
    await prompts.message(
      'warning',
      vscode.l10n.t('The test sign-in of {0} wasn’t opened: its URL doesn’t begin with https://.', name),
    );
  } else if (await openLink(testUri)) showStatus(vscode.l10n.t('Test sign-in of {0} opened in the browser', name));
}

/**
 * The addresses of the environment's own connections are previews (docs/scalekit-api.md, 2.3), which not every Scalekit
 * offers. Then a connection that is still listed isn't found, or the call isn't implemented. Says so.
 *
 * @throws the error itself if it means something else
 */
async function tellIfNotOffered(
  error: unknown,
  node: ConnectionNode,
  { prompts }: ActionDependencies,
): Promise<undefined> {
  const failure =
    error instanceof EnvironmentFailure && error.failure instanceof ScalekitError ? error.failure : undefined;
  const isOwn = node.connection.organizationId === undefined;
  const isMissing = failure?.details.status === 501 || (isNotFound(error) && isOwn && (await isStillListed(node)));
  if (!(error instanceof EnvironmentFailure) || !isOwn || !isMissing) throw error;
  const text = vscode.l10n.t(
    '{0}: this environment’s API doesn’t offer that for its own connections; it’s a preview there. Use the Scalekit dashboard for {1}.',
    error.environment.name,
    connectionName(node),
  );
  await prompts.message('information', text);
}

async function isStillListed({ connection, parent }: ConnectionNode): Promise<boolean> {
  if (!(parent instanceof ListNode)) return false;
  const list = parent as ListNode<Connection>;
  await list.refresh();
  return list.state.refreshError === undefined && list.records().some(({ id }) => id === connection.id);
}

function shownConnection(
  argument: unknown,
  { organizationsView, configurationView }: ActionDependencies,
): { node: ConnectionNode; viewId: Write<unknown>['viewId'] } | undefined {
  if (!isConnectionNode(argument)) return undefined;
  if (organizationsView.treeView.hasShown(argument)) return { node: argument, viewId: 'scalekit.organizations' };
  return configurationView.hasShown(argument) ? { node: argument, viewId: 'scalekit.configuration' } : undefined;
}

function isConnectionNode(value: unknown): value is ConnectionNode {
  return isRecord(value) && value['kind'] === 'connection' && isRecord(value['connection']);
}

function connectionName(node: ConnectionNode): string {
  const { provider, type } = node.connection;
  return nameWithOrganization(
    [providerName(provider), ...(type === undefined ? [] : [protocolName(type)])].join(' '),
    node,
  );
}
