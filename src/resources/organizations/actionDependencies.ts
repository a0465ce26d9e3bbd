import type { DocumentReference } from '../../core/documentReference';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import type { CommandHandler } from '../../ui/commands';
import type { Prompts } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import type { SecretClipboard } from '../../ui/secretClipboard';
import type { OrganizationsView } from './organizationsView';
import type { ListTreeView } from '../../tree/treeView';
import type { Writer } from '../../changes/writer';

export interface ActionDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly writer: Writer;
  readonly organizationsView: OrganizationsView;
  readonly configurationView: ListTreeView;
  readonly documents: ActionDocuments;
  readonly redactor: Redactor;
  /** For portal links and client secrets. */
  readonly clipboard: SecretClipboard;
  /** Opens a link in the browser. Returns false if the user didn't let VS Code do it. */
  readonly openLink: (url: string) => Promise<boolean>;
}

/** The open documents of resources, which actions keep up to date. */
export interface ActionDocuments {
  /** Opens a resource as JSON. */
  open(reference: DocumentReference): Promise<void>;
  /** Reloads the open documents of a changed resource and of everything in it. */
  refresh(reference: DocumentReference): void;
  /** Closes the documents of a deleted resource. A text with unsaved changes stays. */
  deleted(reference: DocumentReference): Promise<void>;
}

/**
 * Runs actions on rows of one kind. `shownRow` reads a command's argument. Anything that isn't such a row is ignored.
 */
export function onRow<Shown>(
  shownRow: (argument: unknown, dependencies: ActionDependencies) => Shown | undefined,
  dependencies: ActionDependencies,
) {
  return (act: (shown: Shown, dependencies: ActionDependencies) => Promise<void>): CommandHandler =>
    async (argument) => {
      const shown = shownRow(argument, dependencies);
      if (shown !== undefined) await act(shown, dependencies);
    };
}
