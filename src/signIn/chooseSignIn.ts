import * as vscode from 'vscode';
import { selectorWords } from './selectorWords';
import type { Choice, Prompts, PromptResult } from '../ui/prompts';
import {
  PROMPTS,
  PROVIDERS,
  SCOPES,
  type ConnectionSelector,
  type SignInChoices,
  type SignInPrompt,
} from './signInChoices';

export interface SignInQuestion<Action extends string> {
  readonly title: string;
  /** What to do with the choices, for example “Open in Browser”. These are the first rows, and Enter does the first. */
  readonly actions: readonly SignInAction<Action>[];
  /** What stands in each row at the start. */
  readonly choices: SignInChoices;
}

export interface SignInAction<Action extends string> {
  readonly value: Action;
  readonly label: string;
  readonly detail?: string;
  /** Name of a codicon. */
  readonly icon: string;
}

/** A row of the list: an action, or the choice that it changes. */
type Row<Action> = { readonly action: Action } | { readonly change: keyof SignInChoices };

/**
 * Shows the choices of a sign-in as one list. Its first rows accept them all. Each other row changes one of them and
 * returns to the list. Undefined if the user cancels.
 */
export async function chooseSignIn<Action extends string>(
  { title, actions, choices: begun }: SignInQuestion<Action>,
  prompts: Prompts,
): Promise<{ readonly action: Action; readonly choices: SignInChoices } | undefined> {
  let choices = begun;
  for (;;) {
    const picked = await prompts.pick<Row<Action>>({
      title,
      placeholder: vscode.l10n.t('Press Enter to continue, or choose what to change'),
      choices: [...actions.map((each) => actionRow(each)), ...choiceRows<Action>(choices)],
    });
    if (picked === undefined || picked === 'back') return undefined;
    if ('action' in picked.answer) return { action: picked.answer.action, choices };
    const result = await change(picked.answer.change, choices, title, prompts);
    if (result === undefined) return undefined;
    if (result !== 'back') choices = result.answer;
  }
}

function actionRow<Action extends string>({ value, ...row }: SignInAction<Action>): Choice<Row<Action>> {
  return { value: { action: value }, ...row };
}

function choiceRows<Action>({
  selector,
  scopes,
  prompt,
  loginHint,
  otherClientId,
}: SignInChoices): Choice<Row<Action>>[] {
  return [
    {
      value: { change: 'selector' },
      label: vscode.l10n.t('Connection'),
      description: selectorWords(selector),
      icon: 'plug',
      separatorBefore: vscode.l10n.t('Change'),
    },
    {
      value: { change: 'loginHint' },
      label: vscode.l10n.t('Login Hint'),
      description: loginHint || none(),
      icon: 'mail',
    },
    { value: { change: 'scopes' }, label: vscode.l10n.t('Scopes'), description: scopes.join(' '), icon: 'checklist' },
    { value: { change: 'prompt' }, label: vscode.l10n.t('Prompt'), description: prompt ?? none(), icon: 'comment' },
    {
      value: { change: 'otherClientId' },
      label: vscode.l10n.t('App'),
      description: otherClientId ?? vscode.l10n.t('this environment’s client'),
      icon: 'device-mobile',
    },
  ];
}

async function change(
  row: keyof SignInChoices,
  choices: SignInChoices,
  title: string,
  prompts: Prompts,
): Promise<PromptResult<SignInChoices>> {
  switch (row) {
    case 'selector':
      return changed('selector', await askSelector(choices.selector, title, prompts), choices);
    case 'loginHint':
      return changed('loginHint', await askLoginHint(choices.loginHint, title, prompts), choices);
    case 'scopes':
      return changed('scopes', await askScopes(choices.scopes, title, prompts), choices);
    case 'prompt':
      return changed('prompt', await askPrompt(title, prompts), choices);
    case 'otherClientId':
      return changed('otherClientId', await askClient(choices.otherClientId, title, prompts), choices);
  }
}

function changed<Field extends keyof SignInChoices>(
  field: Field,
  result: PromptResult<SignInChoices[Field]>,
  choices: SignInChoices,
): PromptResult<SignInChoices> {
  return result === undefined || result === 'back' ? result : { answer: { ...choices, [field]: result.answer } };
}

async function askSelector(
  selector: ConnectionSelector,
  title: string,
  prompts: Prompts,
): Promise<PromptResult<ConnectionSelector>> {
  const by = await prompts.pick<ConnectionSelector['by']>({
    title,
    placeholder: vscode.l10n.t('What selects the connection?'),
    canGoBack: true,
    choices: [
      {
        value: 'none',
        label: vscode.l10n.t('Nothing'),
        detail: vscode.l10n.t('The login page, or the login hint’s domain'),
      },
      { value: 'organization', label: vscode.l10n.t('Organization'), detail: 'organization_id' },
      { value: 'connection', label: vscode.l10n.t('Connection'), detail: 'connection_id' },
      { value: 'domain', label: vscode.l10n.t('Domain'), detail: 'domain' },
      { value: 'provider', label: vscode.l10n.t('Social Provider'), detail: 'provider' },
    ],
  });
  if (by === undefined || by === 'back') return by;
  if (by.answer === 'none') return { answer: { by: 'none' } };
  const value =
    by.answer === 'provider' ? await askProvider(title, prompts) : await askValue(by.answer, selector, title, prompts);
  return value === undefined || value === 'back' ? value : { answer: { by: by.answer, value: value.answer } };
}

function askProvider(title: string, prompts: Prompts): Promise<PromptResult<string>> {
  return prompts.pick<string>({
    title,
    placeholder: vscode.l10n.t('Which provider?'),
    canGoBack: true,
    choices: PROVIDERS.map((provider) => ({ value: provider, label: provider })),
  });
}

async function askValue(
  by: 'organization' | 'connection' | 'domain',
  selector: ConnectionSelector,
  title: string,
  prompts: Prompts,
): Promise<PromptResult<string>> {
  const question = {
    organization: { prompt: vscode.l10n.t('ID of the organization'), placeholder: 'org_…' },
    connection: { prompt: vscode.l10n.t('ID of the connection'), placeholder: 'conn_…' },
    domain: { prompt: vscode.l10n.t('Domain, as in email addresses'), placeholder: 'example.com' },
  }[by];
  return text(
    await prompts.input({
      ...question,
      title,
      value: selector.by === by ? selector.value : '',
      validate: (typed) => (isWord(typed) ? undefined : vscode.l10n.t('Enter one word, without spaces.')),
    }),
  );
}

async function askLoginHint(loginHint: string, title: string, prompts: Prompts): Promise<PromptResult<string>> {
  return text(
    await prompts.input({
      title,
      value: loginHint,
      prompt: vscode.l10n.t('Email address to begin with. Leave it empty for none.'),
      placeholder: vscode.l10n.t('name@example.com'),
    }),
  );
}

function askScopes(
  scopes: readonly string[],
  title: string,
  prompts: Prompts,
): Promise<PromptResult<readonly string[]>> {
  const offered = [...new Set([...SCOPES, ...scopes])];
  return prompts.pickMany<string>({
    title,
    placeholder: vscode.l10n.t('Scopes. “offline_access” asks for a refresh token.'),
    canGoBack: true,
    choices: offered.map((scope) => ({ value: scope, label: scope, picked: scopes.includes(scope) })),
    validate: (picked) =>
      picked.includes('openid') ? undefined : vscode.l10n.t('“openid” is needed: without it there’s no ID token.'),
  });
}

function askPrompt(title: string, prompts: Prompts): Promise<PromptResult<SignInPrompt | undefined>> {
  return prompts.pick<SignInPrompt | undefined>({
    title,
    placeholder: vscode.l10n.t('What should Scalekit ask?'),
    canGoBack: true,
    choices: [
      { value: undefined, label: none(), detail: vscode.l10n.t('Whoever is signed in already isn’t asked again') },
      ...PROMPTS.map((prompt) => ({ value: prompt, label: prompt, detail: promptMeaning(prompt) })),
    ],
  });
}

function promptMeaning(prompt: SignInPrompt): string {
  switch (prompt) {
    case 'login':
      return vscode.l10n.t('Sign in again, even if a session exists');
    case 'create':
      return vscode.l10n.t('The sign-up page');
    case 'select_account':
      return vscode.l10n.t('Choose the organization');
    case 'none':
      return vscode.l10n.t('Ask nothing, and fail if no session exists');
  }
}

async function askClient(
  otherClientId: string | undefined,
  title: string,
  prompts: Prompts,
): Promise<PromptResult<string | undefined>> {
  const result = text(
    await prompts.input({
      title,
      value: otherClientId ?? '',
      prompt: vscode.l10n.t(
        'Client ID of another app of this environment, which is then signed in to without a secret (PKCE). Leave it empty for this environment’s client.',
      ),
      placeholder: 'skc_…',
      validate: (typed) =>
        typed.trim() === '' || isWord(typed) ? undefined : vscode.l10n.t('Enter one word, without spaces.'),
    }),
  );
  return result === undefined || result === 'back' ? result : { answer: result.answer || undefined };
}

function text(result: Awaited<ReturnType<Prompts['input']>>): PromptResult<string> {
  return result === undefined || result === 'back' ? result : { answer: result.answer.text.trim() };
}

function isWord(typed: string): boolean {
  return /^\S{1,256}$/.test(typed.trim());
}

function none(): string {
  return vscode.l10n.t('none');
}
