import { createHash } from 'node:crypto';
import { isRecord, readTime, type JsonRecord } from '../api/json';
import { redactSecrets } from '../api/secretFields';

/** A resource as a file at one point in time. */
export interface ResourceFile {
  /** As Scalekit gave it, secrets included. */
  readonly json: JsonRecord;
  /** What may be shown of it. */
  readonly shown: JsonRecord;
  readonly bytes: Uint8Array;
  /** Another number for another text. */
  readonly version: number;
  /** Milliseconds since the epoch; never goes back while the version changes. */
  readonly mtime: number;
  /** When it was read, in milliseconds since the epoch. */
  readonly readAt: number;
}

/** VS Code asks before it opens files of 10 MB and more; a size that carries a version has to stay below. */
const VERSIONS = 2 ** 22;

/** `before` is the same resource as it was read last. */
export function resourceFile(json: JsonRecord, readAt: number, before?: ResourceFile): ResourceFile {
  const shown = redacted(json);
  const bytes = Buffer.from(`${JSON.stringify(shown, undefined, 2)}\n`);
  const version = createHash('sha256').update(bytes).digest().readUInt32BE() % VERSIONS;
  // Without a time of its own it has that of its reading: a text that VS Code has kept over a restart is then the older one.
  const updated = readTime(json['update_time'])?.getTime() ?? readAt;
  return { json, shown, bytes, version, mtime: mtimeOf(version, updated, before), readAt };
}

/** VS Code takes a text for changed only if its time has moved: a server that does not move it must not hide a change. */
function mtimeOf(version: number, updated: number, before: ResourceFile | undefined): number {
  if (before === undefined) return updated;
  return version === before.version ? before.mtime : Math.max(updated, before.mtime + 1);
}

/**
 * The size of a file as VS Code is told it. It finds a conflict only if time and size have both changed, so the size carries the
 * version: a name of equal length is a change too.
 */
export function versionedSize(file: ResourceFile): number {
  return file.bytes.length + file.version;
}

/** A resource's JSON as it may be shown. */
export function redacted(json: JsonRecord): JsonRecord {
  const { json: shown } = redactSecrets(json);
  return isRecord(shown) ? shown : {};
}
