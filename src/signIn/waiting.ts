import * as vscode from 'vscode';
import type { Prompts } from '../ui/prompts';
import { PortTakenError } from '../core/loopbackServer';

/** Something that waits for the browser. */
interface Waits<T> {
  readonly result: Promise<T>;
  close(): Promise<void>;
}

/** Waits behind a notification with a Cancel button. Cancelling closes it. */
export async function waitForBrowser<T>(title: string, waits: Waits<T>, prompts: Prompts): Promise<T> {
  return prompts.progress(title, async (signal) => {
    const cancel = (): void => void waits.close();
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await waits.result;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  });
}

/**
 * Starts what listens on the callback's port. If another program has it, says so and returns undefined: Scalekit
 * compares ports, so no other one would do.
 */
export async function startOnPort<T>(start: () => Promise<T>, prompts: Prompts): Promise<T | undefined> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    const settings = vscode.l10n.t('Open Setting');
    const text = vscode.l10n.t(
      'Port {0} is in use, perhaps by a sign-in in another window. Scalekit compares ports, so no other one is tried. End the other program, or choose another port, which must be registered too.',
      error.port,
    );
    void prompts.message('error', text, settings).then((pressed) => {
      if (pressed === settings)
        void vscode.commands.executeCommand('workbench.action.openSettings', 'scalekit.signIn.port');
    });
    return undefined;
  }
}
