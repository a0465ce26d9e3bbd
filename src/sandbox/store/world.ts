import { timestampFromMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { ApiClients } from '../oauth/apiClients';
import type { Interceptors } from '../interceptors/interceptors';
import type { SeededRandom } from '../random';
import type { EventSink } from '../webhooks/eventSink';

/** What all resources of a sandbox share. */
export interface World {
  readonly seed: SeededRandom;
  /** Number of sample organizations. */
  readonly organizations: number;
  /** Number of sample users of the first organization. */
  readonly users: number;
  readonly environmentId: string;
  /** When the sandbox started, in milliseconds since the epoch: sample last logins and invites are older. */
  readonly startedAt: number;
  /** When a sandbox with these samples started for the first time: what the samples tell of the past ends there, and never changes. */
  readonly firstStartedAt: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The sandbox's own address, without a trailing slash. */
  readonly url: () => string;
  /** The clients that can fetch tokens. */
  readonly clients: ApiClients;
  /** Told of what changes. */
  readonly events: EventSink;
  /** Asked before some things happen. */
  readonly interceptors: Interceptors;
}

/** The current time as a message. */
export function timestampNow(world: World): Timestamp {
  return timestampFromMs(world.now());
}
