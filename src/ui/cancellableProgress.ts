import { cancelledError } from '../api/client/scalekitError';
import type { Prompts, ReportProgress } from './prompts';
import { statusProgress } from './statusProgress';

/** After this many milliseconds, a notification with a Cancel button appears. */
const SLOW_MS = 2_000;

/**
 * Runs a task and shows its title in the status bar. If it's slow, the user can cancel it. The result of a cancelled
 * task is ignored.
 *
 * @param controller for a caller that may cancel too
 * @throws ScalekitError `cancelled` if it was cancelled, or what the task throws.
 */
export async function cancellableProgress<T>(
  prompts: Pick<Prompts, 'progress'>,
  title: string,
  task: (signal: AbortSignal, report: ReportProgress) => Promise<T>,
  controller = new AbortController(),
): Promise<T> {
  const { signal } = controller;
  let reported = '';
  let show: ReportProgress | undefined;
  const running = task(signal, (message) => {
    reported = message;
    show?.(message);
  });
  const slow = setTimeout(() => {
    void prompts.progress(title, async (pressed, report) => {
      show = report;
      if (reported !== '') report(reported);
      pressed.addEventListener('abort', () => controller.abort(), { once: true });
      await running.catch(() => undefined);
    });
  }, SLOW_MS);
  try {
    const result = await statusProgress(title, () => running);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    throw signal.aborted ? cancelledError('api') : error;
  } finally {
    clearTimeout(slow);
  }
}
