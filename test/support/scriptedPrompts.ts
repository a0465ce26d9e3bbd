import assert from 'node:assert/strict';
import type {
  ConfirmPrompt,
  EntryAnswer,
  EntryPrompt,
  InputAnswer,
  InputPrompt,
  PickManyPrompt,
  PickPrompt,
  PromptResult,
  Prompts,
  SearchPrompt,
} from '../../src/ui/prompts';

/** What a text must be: exactly this text, a match of this pattern, or absent. */
export type Expected = string | RegExp | undefined;

/** The expected properties of an input box. A missing property isn't checked. `problem: undefined` expects no problem. */
export interface ExpectedInput {
  readonly title?: Expected;
  readonly prompt?: Expected;
  readonly problem?: Expected;
  readonly value?: Expected;
  readonly password?: boolean;
  readonly step?: InputPrompt['step'];
  /** Ids of the buttons beside Back. */
  readonly buttons?: readonly string[];
}

/** The expected properties of a text with rows below it. A missing property isn't checked. */
export interface ExpectedEntry extends Pick<ExpectedInput, 'title' | 'problem' | 'value'> {
  readonly placeholder?: Expected;
  /** The labels of the rows for the typed text, in order. */
  readonly labels?: readonly Expected[];
  /** What the first row, which Enter takes, says beside its label. */
  readonly description?: Expected;
}

export interface ExpectedPick {
  readonly title?: Expected;
  readonly placeholder?: Expected;
  /** The labels, in order. */
  readonly labels?: readonly Expected[];
  readonly step?: PickPrompt<unknown>['step'];
}

export interface ExpectedPickMany extends ExpectedPick {
  /** The initially picked labels. */
  readonly picked?: readonly Expected[];
}

export interface ExpectedConfirm {
  readonly message?: Expected;
  readonly detail?: Expected;
  readonly action?: Expected;
}

export interface ExpectedMessage {
  readonly severity?: 'information' | 'warning' | 'error';
  readonly text?: Expected;
  readonly buttons?: readonly string[];
}

/** What a person does in a box: types and presses Enter (or a button), goes back (`back!`), or cancels. */
export type InputReaction = string | { readonly text: string; readonly button: string } | undefined;

/** A reaction created only when the box is shown, for a person who does something else just before. */
type LateInputReaction = InputReaction | (() => InputReaction);

/** What a person does in a list: takes the choice with this label, types something else, goes back, or cancels. */
type Picked = { readonly label: Expected } | { readonly typed: string } | 'back!' | undefined;

/** What a person does with a text and rows: types and presses Enter, or takes another row. */
export type EntryReaction = string | { readonly text: string; readonly take: Expected } | undefined;

/** Types this text and goes on to the other fields. */
export function more(text: string): EntryReaction {
  return { text, take: 'More Options…' };
}

/** A reaction, or one that depends on the list. */
export type PickReaction = Picked | ((prompt: PickPrompt<unknown>) => Picked);

/** What a person does in a list with multiple picks: picks exactly these labels and accepts, goes back, or cancels. */
export type PickManyReaction = readonly Expected[] | 'back!' | undefined;

/** A reaction that comes only after something else has happened, while the list is shown. */
type LatePickManyReaction = PickManyReaction | (() => Promise<PickManyReaction>);

type Kind = 'input' | 'entry' | 'pick' | 'pickMany' | 'search' | 'confirm' | 'notice' | 'message';

interface Step {
  readonly kind: Kind;
  /** The place in the script, for failures. */
  readonly where: Error;
  run(prompt: unknown): unknown;
}

/**
 * Prompts with scripted reactions, in the expected order. A prompt without a scripted reaction fails its caller, and
 * also `assertAllUsed`, in case the caller swallows the failure.
 */
export class ScriptedPrompts implements Prompts {
  private readonly steps: Step[] = [];
  private readonly failures: unknown[] = [];
  private cancelAfterMs: number | undefined;
  /** Titles of the progress notifications. */
  readonly progressTitles: string[] = [];
  /** What they reported. */
  readonly progressReports: string[] = [];
  /** Sentences with which `validate` and `rejectVisible` refused texts. */
  readonly problems: string[] = [];

  expectInput(expected: ExpectedInput, reaction: LateInputReaction): this {
    return this.expect('input', (prompt: InputPrompt) =>
      this.answerInput(prompt, expected, typeof reaction === 'function' ? reaction() : reaction),
    );
  }

  expectEntry(expected: ExpectedEntry, reaction: EntryReaction): this {
    return this.expect('entry', (prompt: EntryPrompt<unknown>) => this.answerEntry(prompt, expected, reaction));
  }

  expectPick(expected: ExpectedPick, reaction: PickReaction): this {
    return this.expect('pick', (prompt: PickPrompt<unknown>) => answerPick(prompt, expected, reaction));
  }

  expectPickMany(expected: ExpectedPickMany, reaction: LatePickManyReaction): this {
    return this.expect('pickMany', async (prompt: PickManyPrompt<unknown>) =>
      this.answerPickMany(prompt, expected, typeof reaction === 'function' ? await reaction() : reaction),
    );
  }

  /** The person types this text into a search, and reacts to the rows. */
  expectSearch(typed: string, expected: ExpectedPick, reaction: PickReaction): this {
    return this.expect('search', async ({ title, placeholder, search }: SearchPrompt<unknown>) => {
      const rows = await search(typed, new AbortController().signal);
      const choices = rows.map((row) => ('note' in row ? { value: undefined, label: row.note } : row));
      return answerPick({ title, placeholder, choices }, expected, reaction);
    });
  }

  expectConfirm(expected: ExpectedConfirm, confirmed: boolean): this {
    return this.expect('confirm', (prompt: ConfirmPrompt) => {
      for (const name of ['message', 'detail', 'action'] as const)
        if (name in expected) check(name, name === 'detail' ? prompt.detail?.join('\n') : prompt[name], expected[name]);
      return confirmed;
    });
  }

  expectNotice(expected: Omit<ExpectedConfirm, 'action'>, pressed?: string): this {
    return this.expect(
      'notice',
      ({ message, detail, buttons }: { message: string; detail: readonly string[]; buttons: string[] }) => {
        if ('message' in expected) check('message', message, expected.message);
        if ('detail' in expected) check('detail', detail.join('\n'), expected.detail);
        assertIsAmong(pressed, buttons);
        return pressed;
      },
    );
  }

  expectMessage(expected: ExpectedMessage, pressed?: string): this {
    return this.expect(
      'message',
      ({ severity, text, buttons }: { severity: string; text: string; buttons: string[] }) => {
        if (expected.severity !== undefined) assert.equal(severity, expected.severity);
        if ('text' in expected) check('text', text, expected.text);
        if (expected.buttons !== undefined) assert.deepEqual(buttons, expected.buttons);
        assertIsAmong(pressed, buttons);
        return pressed;
      },
    );
  }

  /** The person presses Cancel this many milliseconds after the next progress starts. */
  cancelNextProgress(afterMs = 0): this {
    this.cancelAfterMs = afterMs;
    return this;
  }

  /** Whether every expected prompt appeared. */
  get isAllUsed(): boolean {
    return this.steps.length === 0;
  }

  /** @throws if an expected prompt never appeared, or an unexpected one did. */
  assertAllUsed(): void {
    const [failure] = this.failures;
    if (failure !== undefined) throw failure;
    const [unused] = this.steps;
    if (unused !== undefined)
      throw new assert.AssertionError({
        message: `${this.steps.length} expected prompts never appeared; the next was: ${unused.kind}\n${unused.where.stack}`,
      });
  }

  async input(prompt: InputPrompt): Promise<PromptResult<InputAnswer>> {
    // A refused text leaves the box open, so the next reaction is for the same box.
    for (;;) {
      const result = this.take('input', `${prompt.title}: ${prompt.prompt}`, prompt) as
        | PromptResult<InputAnswer>
        | 'refused';
      if (result !== 'refused') return result;
    }
  }

  async entry<T>(prompt: EntryPrompt<T>): Promise<PromptResult<EntryAnswer<T>>> {
    // As for an input box.
    for (;;) {
      const result = this.take('entry', `${prompt.title}: ${prompt.placeholder}`, prompt) as
        | PromptResult<EntryAnswer<T>>
        | 'refused';
      if (result !== 'refused') return result;
    }
  }

  async pick<T>(prompt: PickPrompt<T>): Promise<PromptResult<T>> {
    return this.take(
      'pick',
      `${prompt.title}: ${prompt.choices.map(({ label }) => label).join(', ')}`,
      prompt,
    ) as PromptResult<T>;
  }

  async pickMany<T>(prompt: PickManyPrompt<T>): Promise<PromptResult<readonly T[]>> {
    // Refused picks leave the list open, so the next reaction is for the same list.
    for (;;) {
      const what = `${prompt.title}: ${prompt.choices.map(({ label }) => label).join(', ')}`;
      const result = (await this.take('pickMany', what, prompt)) as PromptResult<readonly T[]> | 'refused';
      if (result !== 'refused') return result;
    }
  }

  async search<T>(prompt: SearchPrompt<T>): Promise<PromptResult<T>> {
    return (await this.take('search', prompt.title, prompt)) as PromptResult<T>;
  }

  async confirm(prompt: ConfirmPrompt): Promise<boolean> {
    return this.take('confirm', prompt.message, prompt) as boolean;
  }

  async notice(message: string, detail: readonly string[], ...buttons: string[]): Promise<string | undefined> {
    return this.take('notice', message, { message, detail, buttons }) as string | undefined;
  }

  async message(
    severity: 'information' | 'warning' | 'error',
    text: string,
    ...buttons: string[]
  ): Promise<string | undefined> {
    return this.take('message', text, { severity, text, buttons }) as string | undefined;
  }

  async progress<T>(
    title: string,
    task: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
  ): Promise<T> {
    this.progressTitles.push(title);
    const controller = new AbortController();
    const timer =
      this.cancelAfterMs === undefined ? undefined : setTimeout(() => controller.abort(), this.cancelAfterMs);
    this.cancelAfterMs = undefined;
    try {
      return await task(controller.signal, (message) => this.progressReports.push(message));
    } finally {
      clearTimeout(timer);
    }
  }

  private expect<P>(kind: Kind, run: (prompt: P) => unknown): this {
    this.steps.push({ kind, where: new Error('expected here'), run: (prompt) => run(prompt as P) });
    return this;
  }

  private take(kind: Kind, what: string, prompt: unknown): unknown {
    try {
      const step = this.steps.shift();
      assert.ok(step !== undefined, `no prompt was expected, but this ${kind} appeared: ${what}`);
      assert.equal(kind, step.kind, `a different prompt was expected: ${what}\n${step.where.stack}`);
      const result = step.run(prompt);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        this.failures.push(error);
        throw error;
      });
    } catch (error) {
      this.failures.push(error);
      throw error;
    }
  }

  private answerInput(
    prompt: InputPrompt,
    expected: ExpectedInput,
    reaction: InputReaction,
  ): PromptResult<InputAnswer> | 'refused' {
    for (const name of ['title', 'prompt', 'problem', 'value'] as const)
      if (name in expected) check(name, prompt[name], expected[name]);
    if (expected.password !== undefined) assert.equal(prompt.password ?? false, expected.password, 'password');
    if (expected.step !== undefined) assert.deepEqual(prompt.step, expected.step);
    if (expected.buttons !== undefined)
      assert.deepEqual(
        (prompt.buttons ?? []).map(({ id }) => id),
        expected.buttons,
      );
    if (reaction === undefined) return undefined;
    if (reaction === 'back!') {
      assert.ok((prompt.step?.number ?? 1) > 1, 'there is no Back button on the first step');
      return 'back';
    }
    const { text, button } = typeof reaction === 'string' ? { text: reaction, button: undefined } : reaction;
    const pressed = prompt.buttons?.find(({ id }) => id === button);
    assert.ok(button === undefined || pressed !== undefined, `there is no button ${button}`);
    if (button === undefined && text.length > 1 && prompt.takesPasted?.(text) === true) return { answer: { text } };
    const outOfSight = prompt.rejectVisible?.(text);
    const problem =
      outOfSight ?? (button === undefined || pressed?.needsText === true ? prompt.validate?.(text) : undefined);
    if (problem !== undefined) {
      this.problems.push(problem);
      return 'refused';
    }
    return { answer: button === undefined ? { text } : { text, button } };
  }

  private answerEntry(
    prompt: EntryPrompt<unknown>,
    expected: ExpectedEntry,
    reaction: EntryReaction,
  ): PromptResult<EntryAnswer<unknown>> | 'refused' {
    for (const name of ['title', 'placeholder', 'problem', 'value'] as const)
      if (name in expected) check(name, prompt[name], expected[name]);
    if (reaction === undefined) return undefined;
    const { text, take } = typeof reaction === 'string' ? { text: reaction, take: undefined } : reaction;
    const choices = prompt.choices(text);
    const labels = choices.map(({ label }) => label);
    if (expected.labels !== undefined) checkAll('label', labels, expected.labels);
    const choice = take === undefined ? choices[0] : choices.find(({ label }) => matches(label, take));
    assert.ok(choice !== undefined, `there is no row ${String(take)} among: ${labels.join(', ')}`);
    if ('description' in expected) check('description', choices[0]?.description, expected.description);
    const problem = prompt.validate?.(text);
    if (problem === undefined) return { answer: { text, choice: choice.value } };
    this.problems.push(problem);
    return 'refused';
  }

  private answerPickMany(
    prompt: PickManyPrompt<unknown>,
    expected: ExpectedPickMany,
    reaction: PickManyReaction,
  ): PromptResult<readonly unknown[]> | 'refused' {
    for (const name of ['title', 'placeholder'] as const)
      if (name in expected) check(name, prompt[name], expected[name]);
    if (expected.step !== undefined) assert.deepEqual(prompt.step, expected.step);
    const labels = prompt.choices.map(({ label }) => label);
    if (expected.labels !== undefined) checkAll('label', labels, expected.labels);
    if (expected.picked !== undefined)
      checkAll(
        'picked',
        prompt.choices.filter(({ picked }) => picked).map(({ label }) => label),
        expected.picked,
      );
    if (reaction === undefined) return undefined;
    if (reaction === 'back!') {
      assert.ok(prompt.canGoBack, 'there is no Back button');
      return 'back';
    }
    for (const wanted of reaction)
      assert.ok(
        labels.some((label) => matches(label, wanted)),
        `there is no ${String(wanted)} among: ${labels.join(', ')}`,
      );
    const values = prompt.choices
      .filter(({ label }) => reaction.some((wanted) => matches(label, wanted)))
      .map(({ value }) => value);
    const problem = prompt.validate?.(values);
    if (problem === undefined) return { answer: values };
    this.problems.push(problem);
    return 'refused';
  }
}

function assertIsAmong(pressed: string | undefined, buttons: readonly string[]): void {
  assert.ok(
    pressed === undefined || buttons.includes(pressed),
    `there is no button ${pressed} in ${buttons.join(', ')}`,
  );
}

function checkAll(what: string, actual: readonly string[], expected: readonly Expected[]): void {
  assert.equal(actual.length, expected.length, actual.join(', '));
  expected.forEach((text, index) => check(`${what} ${index}`, actual[index], text));
}

function answerPick(prompt: PickPrompt<unknown>, expected: ExpectedPick, react: PickReaction): PromptResult<unknown> {
  for (const name of ['title', 'placeholder'] as const) if (name in expected) check(name, prompt[name], expected[name]);
  if (expected.step !== undefined) assert.deepEqual(prompt.step, expected.step);
  const labels = prompt.choices.map(({ label }) => label);
  if (expected.labels !== undefined) checkAll('label', labels, expected.labels);
  const reaction = typeof react === 'function' ? react(prompt) : react;
  if (reaction === undefined) return undefined;
  if (reaction === 'back!') {
    assert.ok(prompt.canGoBack, 'there is no Back button');
    return 'back';
  }
  const choice =
    'typed' in reaction
      ? prompt.typed?.(reaction.typed)
      : prompt.choices.find(({ label }) => matches(label, reaction.label));
  assert.ok(choice !== undefined, `there is no such choice among: ${labels.join(', ')}`);
  return { answer: choice.value };
}

function matches(actual: string | undefined, expected: Expected): boolean {
  return expected instanceof RegExp ? actual !== undefined && expected.test(actual) : actual === expected;
}

function check(what: string, actual: string | undefined, expected: Expected): void {
  assert.ok(matches(actual, expected), `${what} should be ${String(expected)}, but is ${String(actual)}`);
}
