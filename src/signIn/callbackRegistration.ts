import * as vscode from 'vscode';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { ScalekitError } from '../api/client/scalekitError';
import { makeWrite } from '../api/client/writeOutcome';
import { getEnvironmentClient, setPostLoginUris, type EnvironmentClient } from '../api/environmentClients';
import type { Environment } from '../core/environment';
import { inEnvironment } from '../core/environmentFailure';
import { lostResponseMessage } from '../ui/callMessage';
import { cancellableProgress } from '../ui/cancellableProgress';
import { environmentWords } from '../ui/documentHeading';
import type { Prompts } from '../ui/prompts';
import { showStatus } from '../ui/statusMessage';
import { statusProgress } from '../ui/statusProgress';

/** What is known about the callback before the browser opens. */
export type Registration = 'registered' | 'added' | 'missing' | { readonly unreadable: string };

export interface RegistrationQuestion {
  readonly environment: Environment;
  readonly client: ScalekitClient;
  readonly clientId: string;
  readonly callback: string;
  /** Whether the user has already decided to go on without knowing. */
  readonly mayBeUnknown: boolean;
}

/**
 * Makes sure that Scalekit knows the callback, or that the user wants to go on without that. Undefined if the user
 * doesn't.
 *
 * @throws EnvironmentFailure
 */
export async function ensureCallback(
  question: RegistrationQuestion,
  prompts: Prompts,
): Promise<Registration | undefined> {
  const { environment, client, clientId, callback } = question;
  const found = await inEnvironment(environment, () =>
    cancellableProgress(prompts, vscode.l10n.t('Scalekit: asking {0}…', environment.name), (signal) =>
      readClient(client, clientId, signal),
    ),
  );
  if ('unreadable' in found) return question.mayBeUnknown ? found : askWithoutList(question, found, prompts);
  return found.postLoginUris.includes(callback) ? 'registered' : askToRegister(question, prompts);
}

/** The client, or why this environment doesn't show it: that call is a preview (docs/scalekit-api.md, 2.9). */
async function readClient(
  client: ScalekitClient,
  clientId: string,
  signal: AbortSignal,
): Promise<EnvironmentClient | { readonly unreadable: string }> {
  try {
    return await getEnvironmentClient(client, clientId, { signal, fresh: true });
  } catch (error) {
    if (!(error instanceof ScalekitError) || error.details.server !== 'api') throw error;
    const { status, reason } = error.details;
    if (status !== undefined && [401, 403, 404, 501].includes(status)) return { unreadable: `HTTP ${status}` };
    // A response in another shape than the one that's known.
    if (error.kind === 'protocol') return { unreadable: reason ?? 'protocol' };
    throw error;
  }
}

async function askToRegister(question: RegistrationQuestion, prompts: Prompts): Promise<Registration | undefined> {
  const { environment, clientId, callback } = question;
  for (;;) {
    const picked = await prompts.pick<'register' | 'copy' | 'goOn'>({
      title: vscode.l10n.t('Callback of {0}', environment.name),
      placeholder: vscode.l10n.t('{0} isn’t registered for {1}', callback, clientId),
      choices: [
        {
          value: 'register',
          label: vscode.l10n.t('Register This Callback…'),
          detail: environment.production
            ? vscode.l10n.t('Production environments don’t accept localhost, so Scalekit may refuse it')
            : vscode.l10n.t('Adds it to the allowed callbacks of this client'),
          icon: 'add',
        },
        copyChoice(),
        {
          value: 'goOn',
          label: vscode.l10n.t('Continue Anyway'),
          detail: vscode.l10n.t('Scalekit may show an error in the browser'),
          icon: 'arrow-right',
        },
      ],
    });
    if (picked === undefined || picked === 'back') return undefined;
    if (picked.answer === 'goOn') return 'missing';
    if (picked.answer === 'copy') await copyCallback(callback);
    else if (await confirmRegistration(question, prompts)) return register(question, prompts);
  }
}

async function askWithoutList(
  { environment, callback }: RegistrationQuestion,
  found: { readonly unreadable: string },
  prompts: Prompts,
): Promise<Registration | undefined> {
  for (;;) {
    const picked = await prompts.pick<'goOn' | 'copy'>({
      title: vscode.l10n.t('Callback of {0}', environment.name),
      placeholder: vscode.l10n.t('Is {0} registered? The list couldn’t be read ({1})', callback, found.unreadable),
      choices: [
        {
          value: 'goOn',
          label: vscode.l10n.t('Continue'),
          detail: vscode.l10n.t('It’s registered, or I want to see what happens'),
          icon: 'arrow-right',
        },
        {
          ...copyChoice(),
          detail: vscode.l10n.t(
            'Add it in the Scalekit dashboard under Authentication > Redirects, to the allowed callbacks',
          ),
        },
      ],
    });
    if (picked === undefined || picked === 'back') return undefined;
    if (picked.answer === 'goOn') return found;
    await copyCallback(callback);
  }
}

/** Asks in every environment: an allowed callback is where codes are sent. */
function confirmRegistration(
  { environment, clientId, callback }: RegistrationQuestion,
  prompts: Prompts,
): Promise<boolean> {
  return prompts.confirm({
    message: vscode.l10n.t('Register {0}?', callback),
    detail: [
      vscode.l10n.t(
        'Scalekit will then also accept this address for {0}. Only a program on the machine of the person who signs in can receive its codes.',
        clientId,
      ),
      '',
      vscode.l10n.t('Environment: {0}', environmentWords(environment)),
    ],
    action: vscode.l10n.t('Register'),
  });
}

/** Adds the callback to the list as it is now. */
async function register(
  { environment, client, clientId, callback }: RegistrationQuestion,
  prompts: Prompts,
): Promise<Registration | undefined> {
  const title = vscode.l10n.t('Registering {0}', callback);
  const outcome = await inEnvironment(environment, async () =>
    statusProgress(title, async () => {
      const { postLoginUris } = await getEnvironmentClient(client, clientId, { fresh: true });
      if (postLoginUris.includes(callback)) return { result: 'registered' as const };
      return makeWrite<'added'>(client, {
        call: async () => {
          await setPostLoginUris(client, clientId, [...postLoginUris, callback]);
          return 'added';
        },
        verify: async () =>
          (await getEnvironmentClient(client, clientId, { fresh: true })).postLoginUris.includes(callback)
            ? 'added'
            : undefined,
      });
    }),
  );
  if ('result' in outcome) return outcome.result;
  void prompts.message('warning', lostResponseMessage(vscode.l10n, outcome.lost, environment.name, title));
  return undefined;
}

function copyChoice() {
  return { value: 'copy' as const, label: vscode.l10n.t('Copy Callback'), icon: 'copy' };
}

async function copyCallback(callback: string): Promise<void> {
  await vscode.env.clipboard.writeText(callback);
  showStatus(vscode.l10n.t('Callback copied: {0}', callback));
}
