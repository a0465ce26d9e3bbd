import { beginningOf } from '../api/beginningOf';
import { equalSecrets } from './equalSecrets';

/** How much of the server's texts to keep, in characters. */
const LONGEST_TEXT = 300;

/** What came back from a sign-in, with the right `state`. */
export type CallbackContent =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'error'; readonly error: string; readonly description: string | undefined }
  /** The right state, but neither a code nor an error. */
  | { readonly kind: 'nothing' }
  /** A parameter that must be there once is there twice, so nobody knows which counts. */
  | { readonly kind: 'repeated'; readonly name: string };

/** Why a callback doesn't belong to the sign-in. */
export type ForeignCallback = 'noState' | 'twoStates' | 'otherState';

/** Reads the query of a callback. It counts only with the state that was sent. */
export function readCallback(
  query: string,
  expectedState: string,
): { readonly content: CallbackContent } | { readonly foreign: ForeignCallback } {
  const parameters = new URLSearchParams(query);
  const states = parameters.getAll('state');
  const [state] = states;
  if (state === undefined) return { foreign: 'noState' };
  if (states.length > 1) return { foreign: 'twoStates' };
  if (!equalSecrets(state, expectedState)) return { foreign: 'otherState' };
  return { content: contentOf(parameters) };
}

function contentOf(parameters: URLSearchParams): CallbackContent {
  const repeated = ['code', 'error', 'error_description'].find((name) => parameters.getAll(name).length > 1);
  if (repeated !== undefined) return { kind: 'repeated', name: repeated };
  const error = parameters.get('error') ?? '';
  const description = parameters.get('error_description') ?? '';
  // Scalekit's samples look at the error first (docs/scalekit-api.md, 4.4).
  if (error !== '')
    return {
      kind: 'error',
      error: beginningOf(error, LONGEST_TEXT),
      description: description === '' ? undefined : beginningOf(description, LONGEST_TEXT),
    };
  const code = parameters.get('code') ?? '';
  return code === '' ? { kind: 'nothing' } : { kind: 'code', code };
}
