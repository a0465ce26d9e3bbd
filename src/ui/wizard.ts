import type { InputPrompt, PickManyPrompt, PickPrompt, PromptResult, Prompts } from './prompts';

/** A series of questions, one for each field of a draft, numbered, and with a Back button from the second one. */
export interface Wizard<Draft> {
  readonly title: string;
  /** What the fields contain before the user enters anything. */
  readonly draft: Draft;
  readonly steps: WizardSteps<Draft>;
}

/** How each field is asked for, in this order. */
export type WizardSteps<Draft> = { readonly [Field in keyof Draft]: WizardStep<Draft, Draft[Field]> };

/** How one field is asked for. Created by `textStep`, `pickStep` and `pickManyStep`. */
export interface WizardStep<Draft, Value> {
  readonly ask: (draft: Draft, value: Value, frame: StepFrame, prompts: Prompts) => Promise<PromptResult<Value>>;
  /** Whether it's asked at all. If not, it doesn't count. Default: it's asked. */
  readonly isAsked?: (draft: Draft) => boolean;
}

/** What every prompt of a wizard shows beside its question. */
interface StepFrame {
  readonly title: string;
  /** Undefined if there is only one step. */
  readonly step: { readonly number: number; readonly of: number } | undefined;
  readonly canGoBack: boolean;
  readonly problem: string | undefined;
}

/** The step that the user returns to, and the message shown there. */
export interface StepError<Draft> {
  readonly step: keyof Draft & string;
  readonly problem?: string;
}

/** Asks for text and trims it. */
export function textStep<Draft>(
  promptFor: (draft: Draft) => Omit<InputPrompt, 'title' | 'step' | 'problem'>,
): WizardStep<Draft, string> {
  return {
    ask: async (draft, value, { title, step, problem }, prompts) => {
      const result = await prompts.input({ title, step, problem, value, ...promptFor(draft) });
      return result === undefined || result === 'back' ? result : { answer: result.answer.text.trim() };
    },
  };
}

/** Asks for one of several choices. */
export function pickStep<Draft, T>(
  promptFor: (draft: Draft) => Omit<PickPrompt<T>, 'title' | 'step' | 'canGoBack'>,
): WizardStep<Draft, T> {
  return {
    ask: (draft, _value, frame, prompts) => prompts.pick<T>(inList(frame, promptFor(draft))),
  };
}

/** Asks for any number of choices. */
export function pickManyStep<Draft, T>(
  promptFor: (draft: Draft) => Omit<PickManyPrompt<T>, 'title' | 'step' | 'canGoBack'>,
): WizardStep<Draft, readonly T[]> {
  return {
    ask: (draft, _value, frame, prompts) => prompts.pickMany<T>(inList(frame, promptFor(draft))),
  };
}

/** The same step, asked only under a condition. */
export function stepIf<Draft, Value>(
  isAsked: (draft: Draft) => boolean,
  step: WizardStep<Draft, Value>,
): WizardStep<Draft, Value> {
  return { ...step, isAsked };
}

/** A list has no line for a problem, so its placeholder shows it. */
function inList<P extends { readonly placeholder?: string }>({ problem, ...frame }: StepFrame, prompt: P) {
  return { ...frame, ...prompt, placeholder: problem ?? prompt.placeholder };
}

/** Asks the steps from `start`, by default the first. Returns the draft, or undefined if the user cancels. */
export async function runWizard<Draft>(
  { title, draft: begun, steps }: Wizard<Draft>,
  prompts: Prompts,
  start?: StepError<Draft>,
): Promise<Draft | undefined> {
  let draft = begun;
  let problem = start?.problem;
  let current: keyof Draft | undefined = start?.step;
  for (;;) {
    const fields = askedFields(steps, draft);
    const index = current === undefined ? 0 : Math.max(0, fields.indexOf(current));
    const field = fields[index];
    if (field === undefined) return draft;
    const step = fields.length > 1 ? { number: index + 1, of: fields.length } : undefined;
    const frame = { title, step, canGoBack: index > 0, problem };
    const result = await steps[field].ask(draft, draft[field], frame, prompts);
    problem = undefined;
    if (result === undefined) return undefined;
    if (result === 'back') {
      current = fields[Math.max(0, index - 1)];
    } else {
      draft = { ...draft, [field]: result.answer };
      // The answer may change which steps come next.
      const after = askedFields(steps, draft);
      current = after[after.indexOf(field) + 1];
      if (current === undefined) return draft;
    }
  }
}

/**
 * Asks the steps, then sends the draft, until that succeeds or the user gives up. If `send` returns a step, the user
 * continues there, and the other fields keep their content. Undefined if the user cancels, or if `send` returns
 * nothing.
 */
export async function submitWizard<Draft, T>(
  wizard: Wizard<Draft>,
  send: (draft: Draft) => Promise<{ readonly result: T } | StepError<Draft> | undefined>,
  prompts: Prompts,
): Promise<T | undefined> {
  let { draft } = wizard;
  let start: StepError<Draft> | undefined;
  for (;;) {
    const entered = await runWizard({ ...wizard, draft }, prompts, start);
    const outcome = entered && (await send(entered));
    if (entered === undefined || outcome === undefined) return undefined;
    if ('result' in outcome) return outcome.result;
    draft = entered;
    start = outcome;
  }
}

function askedFields<Draft>(steps: WizardSteps<Draft>, draft: Draft): (keyof Draft)[] {
  return (Object.keys(steps) as (keyof Draft & string)[]).filter((field) => steps[field].isAsked?.(draft) !== false);
}
