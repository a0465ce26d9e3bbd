import { isRecord, readArray, readText } from '../api/json';

/**
 * What selects the connection of a sign-in. Scalekit looks at the provider first, then at the connection, the
 * organization, the domain, and at last at the domain of the login hint (docs/scalekit-api.md, 4.2). `none` leaves it
 * to the login page.
 */
export type ConnectionSelector =
  | { readonly by: 'none' }
  | { readonly by: 'organization' | 'connection' | 'domain' | 'provider'; readonly value: string };

/** The values of `prompt` that Scalekit documents. Undefined sends none. */
export const PROMPTS = ['login', 'create', 'select_account', 'none'] as const;
export type SignInPrompt = (typeof PROMPTS)[number];

/** The social providers that Scalekit documents. */
export const PROVIDERS = ['google', 'microsoft', 'github', 'gitlab', 'linkedin', 'salesforce'] as const;

/** The scopes that Scalekit understands in a sign-in. `offline_access` asks for a refresh token. */
export const SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const;

/** What the user chose for a sign-in. Contains no secret. */
export interface SignInChoices {
  readonly selector: ConnectionSelector;
  readonly scopes: readonly string[];
  readonly prompt: SignInPrompt | undefined;
  /** An email address, or empty for none. */
  readonly loginHint: string;
  /** Another app's client ID. Undefined for the environment's own client. Another app's secret isn't known: PKCE only. */
  readonly otherClientId: string | undefined;
}

/** What a first sign-in asks for. */
export const DEFAULT_CHOICES: SignInChoices = {
  selector: { by: 'none' },
  scopes: SCOPES,
  prompt: undefined,
  loginHint: '',
  otherClientId: undefined,
};

/** Reads remembered choices. What can't be read is as in `DEFAULT_CHOICES`. */
export function readSignInChoices(value: unknown): SignInChoices {
  if (!isRecord(value)) return DEFAULT_CHOICES;
  const scopes = readArray(value['scopes']).flatMap((scope) => readText(scope) ?? []);
  return {
    selector: readSelector(value['selector']),
    scopes: scopes.length === 0 ? DEFAULT_CHOICES.scopes : scopes,
    prompt: PROMPTS.find((prompt) => prompt === value['prompt']),
    loginHint: readText(value['loginHint']) ?? '',
    otherClientId: readText(value['otherClientId']),
  };
}

function readSelector(value: unknown): ConnectionSelector {
  if (!isRecord(value)) return DEFAULT_CHOICES.selector;
  const by = (['organization', 'connection', 'domain', 'provider'] as const).find((each) => each === value['by']);
  const selected = readText(value['value']);
  return by === undefined || selected === undefined ? DEFAULT_CHOICES.selector : { by, value: selected };
}
