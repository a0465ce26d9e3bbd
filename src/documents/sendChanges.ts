import type { JsonRecord } from '../api/json';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { ScalekitError } from '../api/client/scalekitError';
import { makeWrite } from '../api/client/writeOutcome';
import type { EditableKind } from './editableKinds';
import { readResourceNow } from './readResource';
import { ignoredChanges, isSame, type Changes } from './resourceEdit';

/** The result of sending changes: the resource afterwards, or why it wasn't saved. */
export type SendOutcome = { readonly saved: JsonRecord } | FailedSend;

interface FailedSend {
  readonly failure: ScalekitError;
  /** The resource in its current state, if it could be read. */
  readonly now?: JsonRecord;
  /** The fields that weren't saved, if others were. */
  readonly left?: readonly string[];
}

/** The resource of an editable kind to change, at `path`. `current` is what it was before. */
export interface Sending {
  readonly kind: EditableKind;
  readonly path: readonly string[];
  readonly changes: Changes;
  readonly current: JsonRecord;
}

/**
 * Sends the changes. A failed call may have been partly done, so we check the server before we tell the user that it
 * wasn't.
 */
export async function sendChanges(
  client: ScalekitClient,
  { kind, path, changes, current }: Sending,
): Promise<SendOutcome> {
  const seen: { now?: JsonRecord } = {};
  const readNow = async (): Promise<JsonRecord> => (seen.now = await readResourceNow(client, path));
  const left = (now: JsonRecord): string[] => ignoredChanges(kind.fields, changes, now);
  let failure: ScalekitError;
  try {
    const outcome = await makeWrite(client, {
      call: async () => (await kind.send(client, path.at(-1) ?? '', changes, current)) ?? (await readNow()),
      verify: async () => {
        const now = await readNow();
        return left(now).length === 0 ? now : undefined;
      },
    });
    if ('result' in outcome) return { saved: outcome.result };
    failure = outcome.lost;
  } catch (error) {
    if (!(error instanceof ScalekitError) || error.kind === 'cancelled') throw error;
    failure = error;
    await readNow().catch(() => undefined);
  }
  const { now } = seen;
  if (now === undefined) return { failure };
  const isAsItWas = Object.keys(changes).every((field) => isSame(kind.fields, field, now, current));
  return isAsItWas ? { failure, now } : { failure, now, left: left(now) };
}
