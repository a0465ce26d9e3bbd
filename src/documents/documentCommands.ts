import { readDocumentReference, type DocumentReference } from '../core/documentReference';
import { readOrganizationReference } from '../core/organizationReference';
import type { CommandTable } from '../ui/commands';
import type { ScalekitFileSystem } from './scalekitFileSystem';

export function documentCommands(files: ScalekitFileSystem) {
  const open = async (argument: unknown): Promise<void> => {
    const reference = readReference(argument);
    if (reference !== undefined) await files.open(reference);
  };
  return {
    'scalekit.document.open': open,
    'scalekit.document.save': () => files.save(),
  } satisfies CommandTable;
}

function readReference(argument: unknown): DocumentReference | undefined {
  const organization = readOrganizationReference(argument);
  return (
    readDocumentReference(argument) ??
    (organization === undefined
      ? undefined
      : { environmentId: organization.environmentId, path: ['organizations', organization.organizationId] })
  );
}
