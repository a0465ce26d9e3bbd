import type { DocumentReference } from '../../core/documentReference';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import type { CommandHandler } from '../../ui/commands';
import type { Prompts } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import type { SecretClipboard } from '../../ui/secretClipboard';
import type { OrganizationsView } from './organizationsView';
import type { ListTreeView } from '../../tree/treeView';
import type { Writer } from '../../changes/writer';

/** What the actions on rows work with. */
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
  /** Opens a link in the browser; false when the person did not let VS Code do it. */
  readonly openLink: (url: string) => Promise<boolean>;
}

/** The documents of resources, which follow what actions do to them. */
export interface ActionDocuments {
  /** Opens a resource as JSON. */
  open(reference: DocumentReference): Promise<void>;
  /** Has the open documents of a changed resource, and of what belongs to it, read again. */
  refresh(reference: DocumentReference): void;
  /** Closes the documents of a resource that is no more; a text with unsaved changes stays. */
  deleted(reference: DocumentReference): Promise<void>;
}

/** Runs actions on the rows of one kind: `shownRow` reads a command's argument, and does nothing for anything that is not such a row. */
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
