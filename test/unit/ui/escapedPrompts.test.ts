import assert from 'node:assert/strict';
import { escapedPrompts } from '../../../src/ui/escapedPrompts';
import type {
  Choice,
  EntryPrompt,
  InputPrompt,
  PickManyPrompt,
  PickPrompt,
  Prompts,
  SearchPrompt,
} from '../../../src/ui/prompts';

/** A name from the server that tries to be an icon, a link to a command, a second line and a different name. */
const HOSTILE = 'Acme $(trash) [Free](command:workbench.action.quit)\nEnvironment: Test \u202egnp.exe';
const INERT = 'Acme $\u200a(trash) [Free]\u200a(command:workbench.action.quit)\\u000aEnvironment: Test \\u202egnp.exe';
/** VS Code renders neither icons nor links in a placeholder. */
const IN_A_PLACEHOLDER = 'Acme $(trash) [Free](command:workbench.action.quit)\\u000aEnvironment: Test \\u202egnp.exe';

const value = { name: HOSTILE };
const choice: Choice<{ name: string }> = { value, label: HOSTILE, description: HOSTILE, detail: HOSTILE };
const inertChoice = { value, label: INERT, description: INERT, detail: INERT };

/** Records what reaches the real prompts. */
class Received implements Prompts {
  prompt: unknown;

  readonly input = async (prompt: InputPrompt): Promise<undefined> => void (this.prompt = prompt);
  readonly entry = async <T>(prompt: EntryPrompt<T>): Promise<undefined> => void (this.prompt = prompt);
  readonly pick = async <T>(prompt: PickPrompt<T>): Promise<{ answer: T } | undefined> => {
    this.prompt = prompt;
    const [first] = prompt.choices;
    return first && { answer: first.value };
  };
  readonly pickMany = async <T>(prompt: PickManyPrompt<T>): Promise<undefined> => void (this.prompt = prompt);
  readonly search = async <T>(prompt: SearchPrompt<T>): Promise<undefined> => void (this.prompt = prompt);
  readonly confirm = async (prompt: unknown): Promise<boolean> => {
    this.prompt = prompt;
    return true;
  };
  readonly notice = async (...prompt: unknown[]): Promise<string> => {
    this.prompt = prompt;
    return 'Copy';
  };
  readonly message = async (...prompt: unknown[]): Promise<string> => {
    this.prompt = prompt;
    return 'Try Again';
  };
  readonly progress = async <T>(
    title: string,
    task: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
  ): Promise<T> => {
    this.prompt = title;
    return task(new AbortController().signal, (message) => (this.prompt = message));
  };
}

describe('a hostile name in a prompt', () => {
  let received: Received;
  let prompts: Prompts;

  beforeEach(() => {
    received = new Received();
    prompts = escapedPrompts(received);
  });

  it('is inert in an input box and its validation messages, and typed text stays unchanged', async () => {
    await prompts.input({
      title: HOSTILE,
      prompt: HOSTILE,
      placeholder: HOSTILE,
      problem: HOSTILE,
      value: HOSTILE,
      validate: (text) => `${text}: ${HOSTILE}`,
      rejectVisible: () => HOSTILE,
    });
    const { validate, rejectVisible, ...texts } = received.prompt as InputPrompt;
    assert.deepEqual(texts, {
      title: INERT,
      prompt: INERT,
      placeholder: IN_A_PLACEHOLDER,
      problem: INERT,
      value: HOSTILE,
    });
    assert.equal(validate?.('typed'), `typed: ${INERT}`);
    assert.equal(rejectVisible?.('typed'), INERT);
  });

  it('is inert in a list and in a choice made from typed text, and the chosen value stays unchanged', async () => {
    const result = await prompts.pick({
      title: HOSTILE,
      placeholder: HOSTILE,
      choices: [choice],
      typed: (text) => (text === '' ? undefined : choice),
    });
    const { title, placeholder, choices, typed } = received.prompt as PickPrompt<unknown>;
    assert.deepEqual([title, placeholder, choices], [INERT, IN_A_PLACEHOLDER, [inertChoice]]);
    assert.deepEqual([typed?.('x'), typed?.('')], [inertChoice, undefined]);
    assert.ok(typeof result === 'object' && result.answer === value);
  });

  it('doesn’t make a list accept typed text', async () => {
    await prompts.pick({ title: 'Which?', choices: [choice] });
    assert.equal((received.prompt as PickPrompt<unknown>).typed, undefined);
  });

  it('is inert in a list with several choices', async () => {
    await prompts.pickMany({
      title: HOSTILE,
      placeholder: HOSTILE,
      choices: [{ ...choice, picked: true }],
      validate: () => HOSTILE,
    });
    const { title, placeholder, choices, validate } = received.prompt as PickManyPrompt<unknown>;
    assert.deepEqual([title, placeholder, choices], [INERT, IN_A_PLACEHOLDER, [{ ...inertChoice, picked: true }]]);
    assert.equal(validate?.([]), IN_A_PLACEHOLDER);
  });

  it('is inert in an entry and its rows, and typed text stays unchanged', async () => {
    await prompts.entry({
      title: HOSTILE,
      placeholder: HOSTILE,
      problem: HOSTILE,
      value: HOSTILE,
      validate: (text) => `${text}: ${HOSTILE}`,
      choices: (text) => [{ ...choice, detail: text }],
    });
    const { title, placeholder, problem, value, validate, choices } = received.prompt as EntryPrompt<unknown>;
    assert.deepEqual([title, placeholder, problem, value], [INERT, IN_A_PLACEHOLDER, INERT, HOSTILE]);
    assert.equal(validate?.('acme'), `acme: ${INERT}`);
    assert.deepEqual(choices('Acme\n'), [{ ...inertChoice, detail: 'Acme\\u000a' }]);
  });

  it('is inert in a search', async () => {
    await prompts.search({ title: HOSTILE, placeholder: HOSTILE, search: async () => [{ note: HOSTILE }, choice] });
    const { title, placeholder, search } = received.prompt as SearchPrompt<unknown>;
    assert.deepEqual([title, placeholder], [INERT, IN_A_PLACEHOLDER]);
    assert.deepEqual(await search('acme', new AbortController().signal), [{ note: INERT }, inertChoice]);
  });

  it('is inert in a confirmation, and adds no line to it', async () => {
    assert.equal(
      await prompts.confirm({ message: HOSTILE, detail: [HOSTILE, '', 'Environment: Acme'], action: 'Delete' }),
      true,
    );
    assert.deepEqual(received.prompt, { message: INERT, detail: [INERT, '', 'Environment: Acme'], action: 'Delete' });
    await prompts.confirm({ message: 'Delete it?', action: 'Delete' });
    assert.deepEqual(received.prompt, { message: 'Delete it?', detail: undefined, action: 'Delete' });
  });

  it('is inert in a notice, a message and a progress notification', async () => {
    assert.equal(await prompts.notice(HOSTILE, [HOSTILE, 'Client ID: m2m_1'], 'Copy'), 'Copy');
    assert.deepEqual(received.prompt, [INERT, [INERT, 'Client ID: m2m_1'], 'Copy']);
    assert.equal(await prompts.message('warning', HOSTILE, 'Try Again'), 'Try Again');
    assert.deepEqual(received.prompt, ['warning', INERT, 'Try Again']);
    assert.equal(await prompts.progress(HOSTILE, async () => 7), 7);
    assert.equal(received.prompt, INERT);
  });
});
