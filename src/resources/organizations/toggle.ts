import * as vscode from 'vscode';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import type { DocumentReference } from '../../core/documentReference';
import type { TreeNode } from '../../tree/treeNode';
import type { ActionDependencies } from './actionDependencies';
import { organizationOf } from './chosenOrganization';
import { refreshList, type ListKind } from './organizationLists';
import type { Write } from '../../changes/writer';

/** Something that can be enabled and disabled: a connection, a directory. */
export interface Toggle {
  readonly environmentId: string;
  readonly viewId: Write<unknown>['viewId'];
  /** As in {@link Write}. */
  readonly object: string;
  /** As a sentence names it. */
  readonly name: string;
  /** The consequences, in a sentence. */
  readonly meaning: { readonly enabled: string; readonly disabled: string };
  readonly set: (client: ScalekitClient, enabled: boolean) => Promise<void>;
  /** Its current state, past the cache. */
  readonly read: (client: ScalekitClient) => Promise<boolean>;
  /** The list that contains it: one of an organization's, or one of the environment's own. */
  readonly list: ListKind;
  readonly organizationId?: string;
  readonly document?: DocumentReference;
}

/** Enables or disables something. Undo does the opposite. Returns whether it was done. */
export async function toggle(what: Toggle, enabled: boolean, dependencies: ActionDependencies): Promise<boolean> {
  const { environmentId, viewId, object, name, meaning, list, organizationId, document } = what;
  const outcome = await dependencies.writer.run<true>({
    environmentId,
    viewId,
    object,
    title: enabled ? vscode.l10n.t('Enabling {0}', name) : vscode.l10n.t('Disabling {0}', name),
    confirm: enabled
      ? { question: vscode.l10n.t('Enable {0}?', name), detail: meaning.enabled, action: vscode.l10n.t('Enable') }
      : { question: vscode.l10n.t('Disable {0}?', name), detail: meaning.disabled, action: vscode.l10n.t('Disable') },
    call: async (client) => {
      await what.set(client, enabled);
      return true;
    },
    verify: async (client) => ((await what.read(client)) === enabled ? true : undefined),
    refresh: async () => {
      if (document !== undefined) dependencies.documents.refresh(document);
      if (organizationId === undefined) await dependencies.configurationView.refreshTopList(environmentId, list);
      else await refreshList({ environmentId, organizationId }, list, dependencies.organizationsView);
    },
    done: () => (enabled ? vscode.l10n.t('{0} is enabled', name) : vscode.l10n.t('{0} is disabled', name)),
    undo: { run: () => toggle(what, !enabled, dependencies), needs: document === undefined ? [] : [document] },
  });
  return outcome !== undefined;
}

/**
 * The name of something in an organization, with the organization's name, since many organizations have similar ones.
 */
export function nameWithOrganization(name: string, node: TreeNode): string {
  const organization = organizationOf(node)?.organization;
  return organization === undefined
    ? name
    : vscode.l10n.t('{0} of {1}', name, organization.displayName ?? organization.id);
}
