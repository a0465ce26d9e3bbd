import assert from 'node:assert/strict';
import {
  entryStep,
  pickManyStep,
  pickStep,
  runWizard,
  stepIf,
  submitWizard,
  textStep,
  type StepError,
  type Wizard,
} from '../../../src/ui/wizard';
import { ScriptedPrompts } from '../../support/scriptedPrompts';

interface Draft {
  readonly name: string;
  readonly size: 'small' | 'large';
  readonly tags: readonly string[];
}

const NAMED: Draft = { name: 'Acme', size: 'large', tags: ['a'] };

/** Asks for a name, a size and, if that's large, tags. */
function wizard(draft: Draft = { name: '', size: 'small', tags: [] }): Wizard<Draft> {
  return {
    title: 'Create',
    draft,
    steps: {
      name: textStep(() => ({
        prompt: 'Name',
        validate: (text) => (text.trim() === '' ? 'It needs a name.' : undefined),
      })),
      size: pickStep(({ name }) => ({
        placeholder: `Size of ${name}`,
        choices: [
          { value: 'small', label: 'Small' },
          { value: 'large', label: 'Large' },
        ],
      })),
      tags: stepIf(
        ({ size }) => size === 'large',
        pickManyStep(({ tags }) => ({
          placeholder: 'Tags',
          choices: ['a', 'b'].map((tag) => ({ value: tag, label: tag, picked: tags.includes(tag) })),
        })),
      ),
    },
  };
}

describe('A wizard', () => {
  let prompts: ScriptedPrompts;

  beforeEach(() => {
    prompts = new ScriptedPrompts();
  });

  afterEach(() => prompts.assertAllUsed());

  it('asks for each field in order, with step numbers, and returns what was entered', async () => {
    prompts
      .expectInput({ title: 'Create', prompt: 'Name', value: '', step: { number: 1, of: 3 } }, ' Acme ')
      .expectPick({ title: 'Create', placeholder: 'Size of Acme', step: { number: 2, of: 3 } }, { label: 'Large' })
      .expectPickMany({ title: 'Create', placeholder: 'Tags', picked: [], step: { number: 3, of: 3 } }, ['a']);
    assert.deepEqual(await runWizard(wizard({ name: '', size: 'large', tags: [] }), prompts), NAMED);
  });

  it('stays at a step whose text is invalid', async () => {
    prompts.expectInput({}, ' ').expectInput({}, 'Acme').expectPick({}, { label: 'Small' });
    assert.deepEqual(await runWizard(wizard(), prompts), { name: 'Acme', size: 'small', tags: [] });
    assert.deepEqual(prompts.problems, ['It needs a name.']);
  });

  it('skips a step that doesn’t apply, and doesn’t count it', async () => {
    prompts
      .expectInput({ step: { number: 1, of: 2 } }, 'Acme')
      .expectPick({ step: { number: 2, of: 2 } }, { label: 'Small' });
    assert.deepEqual(await runWizard(wizard(), prompts), { name: 'Acme', size: 'small', tags: [] });
  });

  it('shows a step that applies only because of what was just entered', async () => {
    prompts
      .expectInput({ step: { number: 1, of: 2 } }, 'Acme')
      .expectPick({ step: { number: 2, of: 2 } }, { label: 'Large' })
      .expectPickMany({ step: { number: 3, of: 3 } }, ['a']);
    assert.deepEqual(await runWizard(wizard(), prompts), NAMED);
  });

  it('goes back past a step that doesn’t apply', async () => {
    const { size, ...others } = wizard().steps;
    assert.ok(size);
    const steps = { ...others, size: stepIf(() => false, size), tags: others.tags };
    prompts
      .expectInput({ value: 'Acme', step: { number: 1, of: 2 } }, 'Acme')
      .expectPickMany({ step: { number: 2, of: 2 } }, 'back!')
      .expectInput({ value: 'Acme', step: { number: 1, of: 2 } }, 'Other')
      .expectPickMany({ picked: ['a'] }, ['b']);
    assert.deepEqual(await runWizard({ ...wizard(NAMED), steps }, prompts), {
      name: 'Other',
      size: 'large',
      tags: ['b'],
    });
  });

  it('returns the draft unchanged if no step applies', async () => {
    const steps = {
      name: stepIf(
        () => false,
        textStep(() => ({ prompt: 'Name' })),
      ),
    };
    assert.deepEqual(await runWizard({ title: 'Create', draft: { name: 'Acme' }, steps }, prompts), { name: 'Acme' });
  });

  it('goes back one step at a time, and shows what was entered', async () => {
    prompts
      .expectInput({}, 'Acme')
      .expectPick({}, { label: 'Large' })
      .expectPickMany({}, 'back!')
      .expectPick({}, 'back!')
      .expectInput({ value: 'Acme', step: { number: 1, of: 3 } }, 'Other')
      .expectPick({ placeholder: 'Size of Other' }, { label: 'Small' });
    assert.deepEqual(await runWizard(wizard(), prompts), { name: 'Other', size: 'small', tags: [] });
  });

  it('repeats the first step if its prompt returns Back', async () => {
    const results = ['back', 'back', { answer: 'Acme' }] as const;
    let asked = 0;
    const draft = await runWizard<{ readonly name: string }>(
      { title: 'Create', draft: { name: '' }, steps: { name: { ask: async () => results[asked++] } } },
      prompts,
    );
    assert.deepEqual([draft, asked], [{ name: 'Acme' }, 3]);
  });

  it('offers Back only after the first step, and a number only if there are several steps', async () => {
    const frames: unknown[] = [];
    const step = {
      ask: async (_draft: unknown, value: string, { canGoBack, step }: { canGoBack: boolean; step?: unknown }) => {
        frames.push([canGoBack, step]);
        return { answer: value };
      },
    };
    await runWizard({ title: 'Create', draft: { a: '' }, steps: { a: step } }, prompts);
    await runWizard({ title: 'Create', draft: { a: '', b: '' }, steps: { a: step, b: step } }, prompts);
    assert.deepEqual(frames, [
      [false, undefined],
      [false, { number: 1, of: 2 }],
      [true, { number: 2, of: 2 }],
    ]);
  });

  for (const cancelledAt of [1, 2, 3]) {
    it(`returns undefined if the user cancels at step ${cancelledAt}`, async () => {
      prompts.expectInput({}, cancelledAt === 1 ? undefined : 'Acme');
      if (cancelledAt > 1) prompts.expectPick({}, cancelledAt === 2 ? undefined : { label: 'Large' });
      if (cancelledAt > 2) prompts.expectPickMany({}, undefined);
      assert.equal(await runWizard(wizard(), prompts), undefined);
    });
  }

  it('starts at a step in the middle, and shows the problem only there', async () => {
    prompts
      .expectPick({ placeholder: 'Too large.', step: { number: 2, of: 3 } }, 'back!')
      .expectInput({ value: 'Acme', problem: undefined }, 'Acme')
      .expectPick({ placeholder: 'Size of Acme' }, { label: 'Large' })
      .expectPickMany({ placeholder: 'Tags', picked: ['a'] }, ['a']);
    const start: StepError<Draft> = { step: 'size', problem: 'Too large.' };
    assert.deepEqual(await runWizard(wizard(NAMED), prompts, start), NAMED);
  });

  it('starts at the first step if the requested one doesn’t apply', async () => {
    prompts.expectInput({ value: '', problem: 'No such tag.' }, 'Acme').expectPick({}, { label: 'Small' });
    const start: StepError<Draft> = { step: 'tags', problem: 'No such tag.' };
    assert.deepEqual(await runWizard(wizard(), prompts, start), { name: 'Acme', size: 'small', tags: [] });
  });
});

describe('A wizard that sends its draft', () => {
  let prompts: ScriptedPrompts;
  let sent: Draft[];

  beforeEach(() => {
    prompts = new ScriptedPrompts();
    sent = [];
  });

  afterEach(() => prompts.assertAllUsed());

  /** Records each draft, and returns these outcomes one after the other. */
  const sendWith =
    (...outcomes: (Awaited<ReturnType<Parameters<typeof submitWizard<Draft, string>>[1]>> | Error)[]) =>
    async (draft: Draft) => {
      sent.push(draft);
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome;
    };

  it('returns the result', async () => {
    prompts.expectInput({}, 'Acme').expectPick({}, { label: 'Small' });
    assert.equal(await submitWizard(wizard(), sendWith({ result: 'done' }), prompts), 'done');
    assert.deepEqual(sent, [{ name: 'Acme', size: 'small', tags: [] }]);
  });

  it('asks again for a refused field and the ones after it, and keeps what was entered', async () => {
    prompts
      .expectInput({}, 'Acme')
      .expectPick({}, { label: 'Large' })
      .expectPickMany({}, ['a'])
      .expectPick({ placeholder: 'Too large.', step: { number: 2, of: 3 } }, { label: 'Large' })
      .expectPickMany({ placeholder: 'Tags', picked: ['a'] }, ['b']);
    const send = sendWith({ step: 'size', problem: 'Too large.' }, { result: 'done' });
    assert.equal(await submitWizard(wizard(), send, prompts), 'done');
    assert.deepEqual(sent, [NAMED, { ...NAMED, tags: ['b'] }]);
  });

  it('shows the problem in the input box, which still contains what was entered', async () => {
    prompts
      .expectInput({}, 'Acme')
      .expectPick({}, { label: 'Small' })
      .expectInput({ value: 'Acme', problem: 'This name is taken.', step: { number: 1, of: 2 } }, 'Other')
      .expectPick({ placeholder: 'Size of Other' }, { label: 'Small' });
    const send = sendWith({ step: 'name', problem: 'This name is taken.' }, { result: 'done' });
    assert.equal(await submitWizard(wizard(), send, prompts), 'done');
    assert.deepEqual(sent.at(-1), { name: 'Other', size: 'small', tags: [] });
  });

  it('asks again each time it’s refused', async () => {
    prompts.expectInput({}, 'A').expectPick({}, { label: 'Small' });
    for (const name of ['B', 'C']) prompts.expectInput({}, name).expectPick({}, { label: 'Small' });
    const send = sendWith({ step: 'name' }, { step: 'name' }, { result: 'done' });
    assert.equal(await submitWizard(wizard(), send, prompts), 'done');
    assert.deepEqual(
      sent.map(({ name }) => name),
      ['A', 'B', 'C'],
    );
  });

  it('sends nothing if the user cancels, at first or after a refusal', async () => {
    prompts.expectInput({}, undefined);
    assert.equal(await submitWizard(wizard(), sendWith(), prompts), undefined);
    assert.deepEqual(sent, []);
    prompts.expectInput({}, 'Acme').expectPick({}, { label: 'Small' }).expectPick({}, undefined);
    assert.equal(await submitWizard(wizard(), sendWith({ step: 'size', problem: 'No.' }), prompts), undefined);
    assert.equal(sent.length, 1);
  });

  it('returns undefined if there’s nothing more to do', async () => {
    prompts.expectInput({}, 'Acme').expectPick({}, { label: 'Small' });
    assert.equal(await submitWizard(wizard(), sendWith(undefined), prompts), undefined);
  });

  it('fails if sending fails', async () => {
    prompts.expectInput({}, 'Acme').expectPick({}, { label: 'Small' });
    await assert.rejects(submitWizard(wizard(), sendWith(new Error('no server')), prompts), /no server/);
  });
});

/** The wizard whose name is an entry: **Create** or **Large** and done, or **Tags…** and so on. */
function entryWizard(): Wizard<Draft> {
  const { steps } = wizard();
  return {
    ...wizard(),
    steps: {
      ...steps,
      name: entryStep<Draft>(() => ({
        placeholder: 'Name',
        validate: (text) => (text.trim() === '' ? 'It needs a name.' : undefined),
        choices: (text) => [
          { value: { last: 'name' }, label: 'Create', description: text },
          { value: { also: { size: 'large' }, last: 'name' }, label: 'Large' },
          { value: { last: 'size' }, label: 'Size…' },
          { value: {}, label: 'More Options…' },
        ],
      })),
    },
  };
}

describe('A wizard that begins with an entry', () => {
  let prompts: ScriptedPrompts;

  beforeEach(() => {
    prompts = new ScriptedPrompts();
  });

  afterEach(() => prompts.assertAllUsed());

  const run = () => runWizard(entryWizard(), prompts);
  const submit = async (...outcomes: (StepError<Draft> | { readonly result: string })[]): Promise<Draft[]> => {
    const sent: Draft[] = [];
    const send = async (draft: Draft) => {
      sent.push(draft);
      return outcomes.shift();
    };
    assert.equal(await submitWizard(entryWizard(), send, prompts), 'done');
    assert.deepEqual(outcomes, []);
    return sent;
  };

  it('asks for nothing else if the row says so, and trims the text', async () => {
    prompts.expectEntry({ description: 'Acme', value: '' }, ' Acme ');
    assert.deepEqual(await run(), { name: 'Acme', size: 'small', tags: [] });
  });

  it('fills in what the row stands for', async () => {
    prompts.expectEntry({}, { text: 'Acme', take: 'Large' });
    assert.deepEqual(await run(), { name: 'Acme', size: 'large', tags: [] });
  });

  it('goes on to the other steps, and back', async () => {
    prompts
      .expectEntry({}, { text: 'Acme', take: 'More Options…' })
      .expectPick({ step: { number: 2, of: 2 } }, 'back!')
      .expectEntry({ value: 'Acme' }, { text: 'Acme', take: 'More Options…' })
      .expectPick({}, { label: 'Large' })
      .expectPickMany({ step: { number: 3, of: 3 } }, ['a']);
    assert.deepEqual(await run(), NAMED);
  });

  it('goes as far as the row says', async () => {
    prompts.expectEntry({}, { text: 'Acme', take: 'Size…' }).expectPick({}, { label: 'Large' });
    assert.deepEqual(await run(), { name: 'Acme', size: 'large', tags: [] });
  });

  it('takes no text that isn’t valid, whatever the row', async () => {
    prompts.expectEntry({}, ' ').expectEntry({}, { text: '', take: 'More Options…' }).expectEntry({}, undefined);
    assert.equal(await run(), undefined);
    assert.deepEqual(prompts.problems, ['It needs a name.', 'It needs a name.']);
  });

  it('asks only for the refused field again, without the ones that weren’t asked for', async () => {
    prompts.expectEntry({}, 'Acme').expectPick({ placeholder: 'Too small.' }, { label: 'Large' });
    const sent = await submit({ step: 'size', problem: 'Too small.' }, { result: 'done' });
    assert.deepEqual(sent.at(-1), { name: 'Acme', size: 'large', tags: [] });
  });

  it('asks for what comes after the refused field if it was asked for before', async () => {
    prompts
      .expectEntry({}, { text: 'Acme', take: 'More Options…' })
      .expectPick({}, { label: 'Small' })
      .expectPick({}, { label: 'Large' })
      .expectPickMany({}, ['a']);
    assert.deepEqual((await submit({ step: 'size' }, { result: 'done' })).at(-1), NAMED);
  });

  it('returns to the step that was answered last if the problem has none', async () => {
    prompts
      .expectEntry({}, 'Acme')
      .expectEntry({ value: 'Acme', problem: 'Busy.' }, { text: 'Acme', take: 'More Options…' })
      .expectPick({}, { label: 'Small' })
      .expectPick({ placeholder: 'Busy.' }, { label: 'Small' });
    assert.equal((await submit({ problem: 'Busy.' }, { problem: 'Busy.' }, { result: 'done' })).length, 3);
  });
});
