import * as vscode from 'vscode';
import { cancelledError } from '../api/client/scalekitError';
import { displayTextWithoutMarkup } from './displayText';
import type { Prompts } from './prompts';

/** What takes longer than this, in milliseconds, is announced with a way to give it up. */
const SLOW_MS = 2_000;

/**
 * Runs a task whose title stands in the status bar meanwhile; when it is slow, the person can give it up. What a task gives that
 * was given up is dropped.
 *
 * @param controller for a caller who may give it up too
 * @throws ScalekitError `cancelled` when it was given up; else what the task throws.
 */
export async function cancellableProgress<T>(
  prompts: Pick<Prompts, 'progress'>,
  title: string,
  task: (signal: AbortSignal) => Promise<T>,
  controller = new AbortController(),
): Promise<T> {
  const { signal } = controller;
  const running = task(signal);
  const slow = setTimeout(() => {
    void prompts.progress(title, async (pressed) => {
      pressed.addEventListener('abort', () => controller.abort(), { once: true });
      await running.catch(() => undefined);
    });
  }, SLOW_MS);
  try {
    const options = { location: vscode.ProgressLocation.Window, title: displayTextWithoutMarkup(title) };
    const result = await vscode.window.withProgress(options, () => running);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    throw signal.aborted ? cancelledError('api') : error;
  } finally {
    clearTimeout(slow);
  }
}
