import { closeSync, openSync, readSync } from 'node:fs';
import type { TestEvent } from './testEvents';

/** A test that failed, or that was running when its process ended. */
export interface Failure {
  readonly title: string;
  readonly error: string;
}

/**
 * The state of one process's tests, from its events so far. Whatever happens to the process, its events
 * stay counted.
 */
export class TestRun {
  readonly passed: { readonly title: string; readonly milliseconds: number }[] = [];
  readonly failures: Failure[] = [];
  #planned: readonly string[] | undefined;
  #running: string | undefined;
  #ended = false;
  #position = 0;
  #rest = '';

  constructor(private readonly file: string) {}

  /** Reads the events since the last call. */
  read(): TestEvent[] {
    const events: TestEvent[] = [];
    for (const line of this.#newLines()) {
      const event = JSON.parse(line) as TestEvent;
      this.#take(event);
      events.push(event);
    }
    return events;
  }

  /** The test or hook that started and hasn't ended. */
  get running(): string | undefined {
    return this.#running;
  }

  /** True if everything that was planned ran. */
  get isComplete(): boolean {
    return this.#ended;
  }

  /** The planned tests that haven't started. Undefined if the process didn't get to planning. */
  get notBegun(): readonly string[] | undefined {
    if (this.#planned === undefined) return undefined;
    // Titles may be equal, so each finished test removes only one.
    const left = [...this.#planned];
    for (const title of [...this.passed, ...this.failures].map((test) => test.title).concat(this.#running ?? [])) {
      const index = left.indexOf(title);
      if (index >= 0) left.splice(index, 1);
    }
    return left;
  }

  #take(event: TestEvent): void {
    switch (event.event) {
      case 'plan':
        this.#planned = event.titles;
        break;
      case 'begin':
        this.#running = event.title;
        break;
      case 'pass':
        this.passed.push(event);
        this.#running = undefined;
        break;
      case 'fail':
        this.failures.push(event);
        this.#running = undefined;
        break;
      case 'end':
        this.#ended = true;
        this.#running = undefined;
        break;
      case 'picture':
        break;
    }
  }

  #newLines(): string[] {
    const bytes = readFrom(this.file, this.#position);
    this.#position += bytes.length;
    const lines = (this.#rest + bytes.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    // The line is complete now, so a character of several bytes is too.
    return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'latin1').toString('utf8'));
  }
}

/** A file's content from a position on. Empty while the file doesn't exist. */
function readFrom(file: string, position: number): Buffer {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const parts: Buffer[] = [];
    const buffer = Buffer.alloc(65_536);
    for (let at = position, count = 1; count > 0; at += count) {
      count = readSync(handle, buffer, 0, buffer.length, at);
      parts.push(Buffer.from(buffer.subarray(0, count)));
    }
    return Buffer.concat(parts);
  } finally {
    closeSync(handle);
  }
}
