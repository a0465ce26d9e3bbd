import type { JsonRecord } from '../api/json';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { isOutcomeUnknown, ScalekitError } from '../api/client/scalekitError';
import type { EditableKind } from './editableKinds';
import { readResourceNow } from './readResource';
import { ignoredChanges, isSame, type Changes } from './resourceEdit';

/** What came of sending changes: the resource as it is then, or why it was not saved. */
export type SendOutcome = { readonly saved: JsonRecord } | FailedSend;

interface FailedSend {
  readonly failure: ScalekitError;
  /** The resource as it is now, where that could be read. */
  readonly now?: JsonRecord;
  /** The fields that were not saved, when others were. */
  readonly left?: readonly string[];
}

/** The resource at `path`, of an editable kind, that is changed. `current` is what it was. */
export interface Sending {
  readonly kind: EditableKind;
  readonly path: readonly string[];
  readonly changes: Changes;
  readonly current: JsonRecord;
}

/**
 * Sends what was changed. A call that failed may have been done all the same, or in part: the server is asked before a person is told
 * that it was not.
 */
export async function sendChanges(
  client: ScalekitClient,
  { kind, path, changes, current }: Sending,
): Promise<SendOutcome> {
  const readNow = (): Promise<JsonRecord> => readResourceNow(client, path);
  try {
    return { saved: (await kind.send(client, path.at(-1) ?? '', changes, current)) ?? (await readNow()) };
  } catch (failure) {
    if (!(failure instanceof ScalekitError) || failure.kind === 'cancelled') throw failure;
    const now = await readNow().catch(() => undefined);
    if (now === undefined) return { failure };
    const left = ignoredChanges(kind.fields, changes, now);
    if (left.length === 0 && isOutcomeUnknown(failure)) return { saved: now };
    const isAsItWas = Object.keys(changes).every((field) => isSame(kind.fields, field, now, current));
    return isAsItWas ? { failure, now } : { failure, now, left };
  }
}
