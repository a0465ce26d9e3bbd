import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import {
  documentKey,
  nameAtAddress,
  readDocumentReference,
  readDocumentUri,
  type DocumentReference,
} from '../core/documentReference';
import type { EnvironmentAccess } from '../core/environmentAccess';
import type { Choice, Note, Prompts } from '../ui/prompts';
import { kindName } from './documentMessages';
import type { ScalekitFileSystem } from './scalekitFileSystem';
import type { Environment } from '../core/environment';
import { runWizard, textStep, type Wizard } from '../ui/wizard';

/** An organization as a choice of {@link CompareDependencies.organizations}. */
export type OrganizationChoice = Choice<{ readonly id: string; readonly displayName?: string }>;

export interface CompareDependencies {
  readonly environments: Pick<EnvironmentAccess, 'ready' | 'list' | 'get'>;
  readonly prompts: Prompts;
  readonly files: ScalekitFileSystem;
  /** The organizations that match a text: the loaded ones, or what Scalekit's search finds. */
  readonly organizations: (
    environment: Environment,
    text: string,
    signal: AbortSignal,
  ) => Promise<readonly (OrganizationChoice | Note)[]>;
}

/** An open document, an organization, or an environment in which to find the other object. */
type Other = { readonly reference: DocumentReference } | { readonly environment: Environment };

/**
 * Compare with…: shows two resources side by side. With two selected rows, compares those. Otherwise compares the row
 * it was called on, or the active editor's resource, with another open document, an organization that the user finds
 * by name, or an object whose ID they enter, even of another environment.
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

  const reference =
    readArgument(argument, dependencies) ?? activeDocument(dependencies) ?? (await pickOpen(dependencies));
  if (reference === undefined) return;
  const other = await pickOther(reference, dependencies);
  if (other !== undefined) await show(reference, other, dependencies);
}

/** A tree row or the URI of an editor. */
function readArgument(argument: unknown, { files }: CompareDependencies): DocumentReference | undefined {
  return argument instanceof vscode.Uri ? readAddress(argument, files) : readDocumentReference(argument);
}

function activeDocument({ files }: CompareDependencies): DocumentReference | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? undefined : readAddress(uri, files);
}

/** What a URI refers to, with the name that it has now, or else the one in it. */
function readAddress(uri: vscode.Uri, files: CompareDependencies['files']): DocumentReference | undefined {
  const reference = readDocumentUri(uri);
  const name = files.nameOf(uri) ?? nameAtAddress(uri);
  return reference === undefined || name === undefined ? reference : { ...reference, name };
}

async function show(
  left: DocumentReference,
  right: DocumentReference,
  { environments, files }: CompareDependencies,
): Promise<void> {
  await vscode.commands.executeCommand(
    'vscode.diff',
    files.remember(left),
    files.remember(right),
    titleOf(left, right, environments),
  );
}

async function pickOpen(dependencies: CompareDependencies): Promise<DocumentReference | undefined> {
  const { environments, prompts } = dependencies;
  const choices = openReferences(dependencies).map((value) => openChoice(value, environments));
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

/** Offers the open documents first. For an organization, then the others by name, as the user types. */
async function pickOther(
  reference: DocumentReference,
  dependencies: CompareDependencies,
): Promise<DocumentReference | undefined> {
  const { environments, prompts } = dependencies;
  const own = documentKey(reference);
  const open = openReferences(dependencies)
    .filter((other) => documentKey(other) !== own)
    .map((other): Choice<Other> => ({ ...openChoice(other, environments), value: { reference: other } }));
  const title = vscode.l10n.t('Compare {0} with', nameOf(reference));
  const start = environments.get(reference.environmentId);
  if (reference.path.length === 2 && reference.path[0] === 'organizations' && start !== undefined)
    return pickOrganization(reference, start, open, title, dependencies);
  const result = await prompts.pick({
    title,
    placeholder: vscode.l10n.t('Choose what to compare it with'),
    choices: [
      ...open,
      ...environments
        .list()
        .map((environment, index) =>
          environmentChoice(
            environment,
            vscode.l10n.t('By ID in {0}…', environment.name),
            index === 0 && open.length > 0,
          ),
        ),
    ],
  });
  if (result === undefined || result === 'back') return undefined;
  return 'reference' in result.answer
    ? result.answer.reference
    : enterIds(reference, result.answer.environment, title, dependencies);
}

async function pickOrganization(
  reference: DocumentReference,
  start: Environment,
  open: readonly Choice<Other>[],
  title: string,
  { environments, prompts, organizations }: CompareDependencies,
): Promise<DocumentReference | undefined> {
  const own = reference.path[1];
  let typed = '';
  for (let environment = start; ; ) {
    const here = environment;
    const result = await prompts.search<Other>({
      title,
      placeholder: vscode.l10n.t('Name, ID or external ID in {0}', here.name),
      value: typed,
      search: async (text, signal) => {
        typed = text;
        const wanted = text.trim().toLowerCase();
        const isWanted = ({ label, description = '' }: Choice<Other>): boolean =>
          `${label} ${description}`.toLowerCase().includes(wanted);
        const isOpen = (id: string): boolean =>
          open.some(({ value }) => 'reference' in value && keyOf(here, id) === documentKey(value.reference));
        const found = (await organizations(here, text, signal)).flatMap((row): (Choice<Other> | Note)[] => {
          if ('note' in row) return [row];
          const { id, displayName } = row.value;
          if (isOpen(id) || (id === own && here.id === reference.environmentId)) return [];
          const found: DocumentReference = { ...referenceTo(here, id), name: displayName };
          return [{ ...row, value: { reference: found } }];
        });
        const others = environments.list().filter(({ id }) => id !== here.id);
        return [
          ...open.filter(isWanted),
          ...separated(found, vscode.l10n.t('Organizations of {0}', here.name)),
          ...others.map((other, index) => ({
            ...environmentChoice(other, vscode.l10n.t('Search in {0}…', other.name), index === 0),
            notPreselected: true,
          })),
        ];
      },
    });
    if (result === undefined || result === 'back') return undefined;
    if ('reference' in result.answer) return result.answer.reference;
    ({ environment } = result.answer);
  }
}

/** The rows with a heading above the first choice. */
function separated<T>(rows: readonly (Choice<T> | Note)[], heading: string): (Choice<T> | Note)[] {
  const first = rows.find((row) => !('note' in row));
  return rows.map((row) => (row === first ? { ...row, separatorBefore: heading } : row));
}

function environmentChoice(environment: Environment, label: string, isFirst: boolean): Choice<Other> {
  return {
    value: { environment },
    label,
    description: [environment.host, ...(environment.production ? [vscode.l10n.t('production')] : [])].join(' · '),
    icon: 'search',
    ...(isFirst ? { separatorBefore: '' } : {}),
  };
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

function openReferences({ files }: CompareDependencies): DocumentReference[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ input }) => input);
  const uris = tabs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  const references = uris.map((uri) => readAddress(uri, files)).filter((reference) => reference !== undefined);
  return [...new Map(references.map((reference) => [documentKey(reference), reference])).values()];
}

function openChoice(
  value: DocumentReference,
  environments: CompareDependencies['environments'],
): Choice<DocumentReference> {
  const { path } = value;
  const label = nameOf(value);
  const id = path.at(-1) ?? '';
  return {
    value,
    label,
    description: [kindName(path), environmentName(value, environments), ...(label === id ? [] : [id])].join(' · '),
    icon: 'json',
  };
}

function referenceTo({ id: environmentId }: Environment, id: string): DocumentReference {
  return { environmentId, path: ['organizations', id] };
}

function keyOf(environment: Environment, id: string): string {
  return documentKey(referenceTo(environment, id));
}

/** The name that the user knows it by, or else its ID. */
function nameOf({ name = '', path }: DocumentReference): string {
  return name === '' ? (path.at(-1) ?? '') : name;
}

/** `Acme ↔ Initech (Staging)`, or `Acme (Staging) ↔ Acme (Production)`. Equal names get their IDs. */
function titleOf(
  left: DocumentReference,
  right: DocumentReference,
  environments: CompareDependencies['environments'],
): string {
  const sides = [left, right];
  const names = sides.map((side) => displayText(nameOf(side)));
  const places = sides.map((side) => displayText(environmentName(side, environments)));
  const [place] = places;
  if (left.environmentId !== right.environmentId) return names.map((name, at) => `${name} (${places[at]})`).join(' ↔ ');
  const [one, other] = names;
  const ids = sides.map(({ path }) => displayText(path.at(-1) ?? ''));
  const shown = one === other ? names.map((name, at) => (name === ids[at] ? name : `${name} ${ids[at]}`)) : names;
  return `${shown.join(' ↔ ')} (${place})`;
}

function environmentName(
  { environmentId }: DocumentReference,
  environments: CompareDependencies['environments'],
): string {
  return environments.get(environmentId)?.name ?? environmentId;
}
