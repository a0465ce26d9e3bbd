import type { JsonRecord } from '../api/json';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { ScalekitError } from '../api/client/scalekitError';
import { makeWrite } from '../api/client/writeOutcome';
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

/** Sends what was changed. A call that failed may have been done in part: the server is asked before a person is told that it was not. */
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
