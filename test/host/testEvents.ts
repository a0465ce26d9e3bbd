import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The events of a process that runs tests. Each event is a line of JSON, appended to a file when it happens, so that nothing
 * is lost if the process ends in whatever way. Titles are full titles.
 */
export type TestEvent =
  /** The tests that will run. This event comes first. */
  | { readonly event: 'plan'; readonly titles: readonly string[] }
  /** A test or a hook begins. */
  | { readonly event: 'begin'; readonly title: string }
  | { readonly event: 'pass'; readonly title: string; readonly milliseconds: number }
  | { readonly event: 'fail'; readonly title: string; readonly error: string }
  /** A picture of what a failed test left behind. */
  | { readonly event: 'picture'; readonly title: string; readonly file: string }
  /** All of the plan was run. */
  | { readonly event: 'end' };

/** The file for the events, from the environment variable that the parent process sets. Undefined if nobody reads them. */
const EVENTS_FILE = 'WORKBENCH_TEST_EVENTS';

export function eventsEnvironment(file: string): Record<string, string> {
  return { [EVENTS_FILE]: file };
}

/** Synchronous, so that an event is on disk before the test goes on. */
export function tell(event: TestEvent): void {
  const file = process.env[EVENTS_FILE];
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(event)}\n`);
}
