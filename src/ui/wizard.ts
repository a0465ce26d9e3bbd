import type { Choice, EntryPrompt, InputPrompt, PickManyPrompt, PickPrompt, Prompts } from './prompts';

/** A series of questions, one for each field of a draft, numbered, and with a Back button from the second one. */
export interface Wizard<Draft> {
  readonly title: string;
  /** What the fields contain before the user enters anything. */
  readonly draft: Draft;
  readonly steps: WizardSteps<Draft>;
}

/** How each field is asked for, in this order. A field without a step keeps its content, or gets it at another step. */
export type WizardSteps<Draft> = { readonly [Field in keyof Draft]?: WizardStep<Draft, Draft[Field]> };

/** How one field is asked for. Created by `entryStep`, `textStep`, `pickStep` and `pickManyStep`. */
export interface WizardStep<Draft, Value> {
  readonly ask: (
    draft: Draft,
    value: Value,
    frame: StepFrame,
    prompts: Prompts,
  ) => Promise<StepResult<Draft, Value> | 'back' | undefined>;
  /** Whether it's asked at all. If not, it doesn't count. Default: it's asked. */
  readonly isAsked?: (draft: Draft) => boolean;
}

/** What a step was answered with. */
interface StepResult<Draft, Value> {
  readonly answer: Value;
  readonly next?: NextSteps<Draft>;
}

/** What a row of an `entryStep` does with the text. */
export interface NextSteps<Draft> {
  /** Other fields that it fills in. */
  readonly also?: Partial<Draft>;
  /** The last field to ask for: often the step's own. Default: the last of all. */
  readonly last?: keyof Draft & string;
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
  /** Default: the one that was answered last. */
  readonly step?: keyof Draft & string;
  readonly problem?: string;
}

/**
 * Asks for text and trims it. Rows say what can be done with it, so that most drafts need only this step. It shows no
 * number: whether others follow is the user's choice.
 */
export function entryStep<Draft>(
  promptFor: (draft: Draft) => Omit<EntryPrompt<NextSteps<Draft>>, 'title' | 'value' | 'problem'>,
): WizardStep<Draft, string> {
  return {
    ask: async (draft, value, { title, problem }, prompts) => {
      const prompt = promptFor(draft);
      const choices = (text: string): readonly Choice<NextSteps<Draft>>[] => prompt.choices(text.trim());
      const result = await prompts.entry({ title, problem, value, ...prompt, choices });
      if (result === undefined || result === 'back') return result;
      return { answer: result.answer.text.trim(), next: result.answer.choice };
    },
  };
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
  wizard: Wizard<Draft>,
  prompts: Prompts,
  start?: StepError<Draft>,
): Promise<Draft | undefined> {
  return (await askSteps(wizard, prompts, start))?.draft;
}

/** What was entered. */
interface Entered<Draft> {
  readonly draft: Draft;
  /** The field that was answered last. */
  readonly answered: (keyof Draft & string) | undefined;
  /** The last field that the user wanted to be asked for, as in `NextSteps`. */
  readonly last: (keyof Draft & string) | undefined;
}

/** @param wanted the last field to ask for, unless the user chooses otherwise or starts after it */
async function askSteps<Draft>(
  { title, draft: begun, steps }: Wizard<Draft>,
  prompts: Prompts,
  start: StepError<Draft> | undefined,
  wanted?: keyof Draft & string,
): Promise<Entered<Draft> | undefined> {
  let draft = begun;
  let problem = start?.problem;
  let current = start?.step;
  let last = wanted;
  for (;;) {
    const fields = askedFields(steps, draft);
    const index = current === undefined ? 0 : Math.max(0, fields.indexOf(current));
    const field = fields[index];
    if (field === undefined) return { draft, answered: undefined, last };
    const step = fields.length > 1 ? { number: index + 1, of: fields.length } : undefined;
    const frame = { title, step, canGoBack: index > 0, problem };
    const result = await steps[field]?.ask(draft, draft[field], frame, prompts);
    problem = undefined;
    if (result === undefined) return undefined;
    if (result === 'back') {
      current = fields[Math.max(0, index - 1)];
    } else {
      draft = { ...draft, [field]: result.answer, ...result.next?.also };
      if (result.next !== undefined) ({ last } = result.next);
      // The answer may change which steps come next.
      const after = askedFields(steps, draft);
      const position = after.indexOf(field);
      current = after[position + 1];
      if (current === undefined || (last !== undefined && position >= after.indexOf(last)))
        return { draft, answered: field, last };
    }
  }
}

/**
 * Asks the steps, then sends the draft, until that succeeds or the user gives up. If `send` returns a step, the user
 * continues there as far as before, and the other fields keep their content. Undefined if the user cancels, or if `send` returns
 * nothing.
 */
export async function submitWizard<Draft, T>(
  wizard: Wizard<Draft>,
  send: (draft: Draft) => Promise<{ readonly result: T } | StepError<Draft> | undefined>,
  prompts: Prompts,
): Promise<T | undefined> {
  let { draft } = wizard;
  let start: StepError<Draft> | undefined;
  let last: (keyof Draft & string) | undefined;
  for (;;) {
    const entered = await askSteps({ ...wizard, draft }, prompts, start, last);
    const outcome = entered && (await send(entered.draft));
    if (entered === undefined || outcome === undefined) return undefined;
    if ('result' in outcome) return outcome.result;
    ({ draft, last } = entered);
    start = { step: entered.answered, ...outcome };
  }
}

function askedFields<Draft>(steps: WizardSteps<Draft>, draft: Draft): (keyof Draft & string)[] {
  return (Object.keys(steps) as (keyof Draft & string)[]).filter((field) => steps[field]?.isAsked?.(draft) !== false);
}
