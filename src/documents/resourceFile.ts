import { createHash } from 'node:crypto';
import { isRecord, readTime, type JsonRecord } from '../api/json';
import { redactSecrets } from '../api/secretFields';

/** A resource as a file at one point in time. */
export interface ResourceFile {
  /** As Scalekit returned it, including secrets. */
  readonly json: JsonRecord;
  /** The part that may be shown. */
  readonly shown: JsonRecord;
  readonly bytes: Uint8Array;
  /** Changes whenever the text changes. */
  readonly version: number;
  /** Milliseconds since the epoch. Never decreases when the version changes. */
  readonly mtime: number;
  /** When it was read, in milliseconds since the epoch. */
  readonly readAt: number;
}

/** VS Code asks before it opens files of 10 MB or more, so a size that contains a version must stay below that. */
const VERSIONS = 2 ** 22;

/** `before` is the same resource from the previous read. */
export function resourceFile(json: JsonRecord, readAt: number, before?: ResourceFile): ResourceFile {
  const shown = redacted(json);
  const bytes = Buffer.from(`${JSON.stringify(shown, undefined, 2)}\n`);
  const version = createHash('sha256').update(bytes).digest().readUInt32BE() % VERSIONS;
  // Without a time of its own, it gets the time of its reading: a text that VS Code restored after a restart is then
  // older.
  const updated = readTime(json['update_time'])?.getTime() ?? readAt;
  return { json, shown, bytes, version, mtime: mtimeOf(version, updated, before), readAt };
}

/**
 * VS Code considers a text changed only if its time has changed, so a server that doesn't change it must not hide a
 * change.
 */
function mtimeOf(version: number, updated: number, before: ResourceFile | undefined): number {
  if (before === undefined) return updated;
  return version === before.version ? before.mtime : Math.max(updated, before.mtime + 1);
}

/**
 * The size that VS Code gets for a file. VS Code detects a conflict only if both time and size have changed, so the
 * size contains the version: even a name of equal length is a change.
 */
export function versionedSize(file: ResourceFile): number {
  return file.bytes.length + file.version;
}

/** A resource's JSON without secrets. */
export function redacted(json: JsonRecord): JsonRecord {
  const { json: shown } = redactSecrets(json);
  return isRecord(shown) ? shown : {};
}
