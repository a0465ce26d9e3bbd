import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import { documentKey, readDocumentReference, readDocumentUri, type DocumentReference } from '../core/documentReference';
import type { EnvironmentAccess } from '../core/environmentAccess';
import type { CommandTable } from '../ui/commands';
import type { Choice, Prompts } from '../ui/prompts';
import { kindName } from './documentMessages';
import type { ScalekitFileSystem } from './scalekitFileSystem';
import type { Environment } from '../core/environment';
import { runWizard, textStep, type Wizard } from '../ui/wizard';

export interface CompareDependencies {
  readonly environments: Pick<EnvironmentAccess, 'ready' | 'list' | 'get'>;
  readonly prompts: Prompts;
  readonly files: ScalekitFileSystem;
}

export function compareCommands(context: CompareDependencies) {
  return {
    'scalekit.document.compare': (argument, selection) => compareDocuments(argument, selection, context),
  } satisfies CommandTable;
}

/** An open document, or an environment in which to find the other object by its ID. */
type Other = { readonly reference: DocumentReference } | { readonly environment: Environment };

/**
 * Compare with…: shows two resources side by side. With two selected rows, compares those. Otherwise compares the row
 * it was called on, or the active editor's resource, with another open document or an ID that the user enters, even of
 * another environment.
 */
export async function compareDocuments(
  argument: unknown,
  selection: unknown,
  dependencies: CompareDependencies,
): Promise<void> {
  await dependencies.environments.ready();
  const selected = Array.isArray(selection)
    ? selection.map(readDocumentReference).filter((reference) => reference !== undefined)
    : [];
  const [first, second] = selected;
  if (selected.length === 2 && first !== undefined && second !== undefined) return show(first, second, dependencies);

  const reference = readArgument(argument) ?? activeDocument() ?? (await pickOpen(dependencies));
  if (reference === undefined) return;
  const other = await pickOther(reference, dependencies);
  if (other !== undefined) await show(reference, other, dependencies);
}

/** A tree row or the URI of an editor. */
function readArgument(argument: unknown): DocumentReference | undefined {
  return argument instanceof vscode.Uri ? readDocumentUri(argument) : readDocumentReference(argument);
}

function activeDocument(): DocumentReference | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? undefined : readDocumentUri(uri);
}

async function show(
  left: DocumentReference,
  right: DocumentReference,
  { environments, files }: CompareDependencies,
): Promise<void> {
  const title = `${nameOf(left, environments)} ↔ ${nameOf(right, environments)}`;
  await vscode.commands.executeCommand('vscode.diff', files.remember(left), files.remember(right), title);
}

async function pickOpen({ environments, prompts }: CompareDependencies): Promise<DocumentReference | undefined> {
  const choices = openReferences().map((value) => openChoice(value, environments));
  if (choices.length === 0) {
    await prompts.message(
      'information',
      vscode.l10n.t('No Scalekit document is open. Open one from the Organizations view first.'),
    );
    return undefined;
  }
  const result = await prompts.pick({
    title: vscode.l10n.t('Compare with'),
    placeholder: vscode.l10n.t('Compare which document?'),
    choices,
  });
  return result === undefined || result === 'back' ? undefined : result.answer;
}

async function pickOther(
  reference: DocumentReference,
  dependencies: CompareDependencies,
): Promise<DocumentReference | undefined> {
  const { environments, prompts } = dependencies;
  const own = documentKey(reference);
  const open = openReferences().filter((other) => documentKey(other) !== own);
  const choices: Choice<Other>[] = [
    ...open.map((other) => ({ ...openChoice(other, environments), value: { reference: other } })),
    ...environments.list().map((environment, index) => ({
      value: { environment },
      label: vscode.l10n.t('By ID in {0}…', environment.name),
      description: [environment.host, ...(environment.production ? [vscode.l10n.t('production')] : [])].join(' · '),
      icon: 'search',
      ...(index === 0 && open.length > 0 ? { separatorBefore: '' } : {}),
    })),
  ];
  const title = vscode.l10n.t('Compare {0} with', nameOf(reference, environments));
  const result = await prompts.pick({ title, placeholder: vscode.l10n.t('Choose what to compare it with'), choices });
  if (result === undefined || result === 'back') return undefined;
  return 'reference' in result.answer
    ? result.answer.reference
    : enterIds(reference, result.answer.environment, title, dependencies);
}

/** Asks for the IDs of an object of the same kind. For a connection, the organization's ID comes first. */
async function enterIds(
  { path }: DocumentReference,
  environment: Environment,
  title: string,
  { prompts }: CompareDependencies,
): Promise<DocumentReference | undefined> {
  const kinds = path.filter((_, index) => index % 2 === 0);
  const wizard: Wizard<Readonly<Record<string, string>>> = {
    title,
    draft: Object.fromEntries(kinds.map((kind, index) => [kind, path[index * 2 + 1] ?? ''])),
    steps: Object.fromEntries(
      kinds.map((kind, index) => [
        kind,
        textStep(() => ({
          prompt: vscode.l10n.t('ID of the {0} in {1}', kindName(path.slice(0, index * 2 + 2)), environment.name),
          validate: (text) => (text.trim() === '' ? vscode.l10n.t('Enter an ID.') : undefined),
        })),
      ]),
    ),
  };
  const ids = await runWizard(wizard, prompts);
  return ids && { environmentId: environment.id, path: kinds.flatMap((kind) => [kind, ids[kind] ?? '']) };
}

function openReferences(): DocumentReference[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ input }) => input);
  const uris = tabs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  const references = uris.map(readDocumentUri).filter((reference) => reference !== undefined);
  return [...new Map(references.map((reference) => [documentKey(reference), reference])).values()];
}

function openChoice(
  value: DocumentReference,
  environments: CompareDependencies['environments'],
): Choice<DocumentReference> {
  return {
    value,
    label: value.path.at(-1) ?? '',
    description: `${kindName(value.path)} · ${environmentName(value, environments)}`,
    icon: 'json',
  };
}

/** `org_1 (Acme)`: an ID by itself doesn't tell which environment it's in. */
function nameOf(reference: DocumentReference, environments: CompareDependencies['environments']): string {
  return `${displayText(reference.path.at(-1) ?? '')} (${displayText(environmentName(reference, environments))})`;
}

function environmentName(
  { environmentId }: DocumentReference,
  environments: CompareDependencies['environments'],
): string {
  return environments.get(environmentId)?.name ?? environmentId;
}
