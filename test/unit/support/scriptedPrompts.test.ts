import assert from 'node:assert/strict';
import { ScriptedPrompts } from '../../support/scriptedPrompts';

describe('ScriptedPrompts', () => {
  let prompts: ScriptedPrompts;

  beforeEach(() => {
    prompts = new ScriptedPrompts();
  });

  it('returns its answers in order', async () => {
    prompts
      .expectInput({ title: 'Add', problem: undefined }, 'first')
      .expectConfirm({ message: /sure/ }, true)
      .expectMessage({ severity: 'error' }, 'Retry');
    assert.deepEqual(await prompts.input({ title: 'Add', prompt: 'URL' }), { answer: { text: 'first' } });
    assert.equal(await prompts.confirm({ message: 'Are you sure?', action: 'Yes' }), true);
    assert.equal(await prompts.message('error', 'It failed', 'Retry', 'Log'), 'Retry');
    prompts.assertAllUsed();
  });

  it('fails for an unexpected prompt, even if the caller catches the error', async () => {
    await prompts.confirm({ message: 'Delete?', action: 'Yes' }).catch(() => undefined);
    assert.throws(() => prompts.assertAllUsed(), /no prompt was expected, but.*Delete\?/s);
  });

  it('fails for a prompt of another kind or with different text', async () => {
    prompts.expectInput({}, 'x').expectInput({ problem: /refused/ }, 'x');
    await assert.rejects(prompts.confirm({ message: 'Delete?', action: 'Yes' }), /a different prompt was expected/);
    await assert.rejects(prompts.input({ title: 'Add', prompt: 'URL' }), /problem should be/);
  });

  it('fails if an expected prompt never appears', () => {
    prompts.expectInput({}, 'x');
    assert.throws(() => prompts.assertAllUsed(), /1 expected prompts never appeared/);
  });

  it('stays in the input box if validate refuses the text', async () => {
    prompts.expectInput({}, '').expectInput({ title: 'Add' }, 'good');
    const result = await prompts.input({
      title: 'Add',
      prompt: 'URL',
      validate: (text) => (text === '' ? 'Enter something.' : undefined),
    });
    assert.deepEqual(result, { answer: { text: 'good' } });
    assert.deepEqual(prompts.problems, ['Enter something.']);
    prompts.assertAllUsed();
  });

  it('doesn’t return a refused text if no other text follows', async () => {
    prompts.expectInput({}, 'bad');
    await assert.rejects(
      prompts.input({ title: 'Add', prompt: 'URL', validate: () => 'No.' }),
      /no prompt was expected/,
    );
  });

  it('presses existing buttons, and only with a valid text if they need one', async () => {
    const prompt = {
      title: 'Add',
      prompt: 'URL',
      validate: () => 'No.',
      buttons: [
        { id: 'paste', icon: '', tooltip: '' },
        { id: 'save', icon: '', tooltip: '', needsText: true },
      ],
    };
    prompts
      .expectInput({ buttons: ['paste', 'save'] }, { text: '', button: 'save' })
      .expectInput({}, { text: '', button: 'paste' })
      .expectInput({}, { text: '', button: 'other' });
    assert.deepEqual(await prompts.input(prompt), { answer: { text: '', button: 'paste' } });
    await assert.rejects(prompts.input(prompt), /no button other/);
  });

  it('picks several in the list’s order, and stays in the list if validate refuses them', async () => {
    const choices = [
      { value: 1, label: 'admin', picked: true },
      { value: 2, label: 'member' },
      { value: 3, label: 'viewer' },
    ];
    const prompt = {
      title: 'Roles',
      choices,
      validate: (values: readonly number[]) => (values.length === 0 ? 'Pick one.' : undefined),
    };
    prompts
      .expectPickMany({ labels: ['admin', 'member', 'viewer'], picked: ['admin'] }, [])
      .expectPickMany({}, ['viewer', /^mem/])
      .expectPickMany({}, ['owner']);
    assert.deepEqual(await prompts.pickMany(prompt), { answer: [2, 3] });
    assert.deepEqual(prompts.problems, ['Pick one.']);
    await assert.rejects(prompts.pickMany(prompt), /there is no owner among/);
  });

  it('goes back only if there’s a Back button', async () => {
    prompts.expectInput({}, 'back!').expectInput({}, 'back!').expectPick({}, 'back!');
    assert.equal(await prompts.input({ title: 'Add', prompt: 'ID', step: { number: 2, of: 3 } }), 'back');
    await assert.rejects(prompts.input({ title: 'Add', prompt: 'URL', step: { number: 1, of: 3 } }), /no Back button/);
    await assert.rejects(prompts.pick({ title: 'Which?', choices: [] }), /no Back button/);
  });

  it('picks by label', async () => {
    const choices = [
      { value: 1, label: 'one' },
      { value: 2, label: 'two' },
    ];
    prompts
      .expectPick({ labels: ['one', /^t/] }, { label: 'two' })
      .expectPick({}, { label: 'three' })
      .expectPick({}, undefined);
    assert.deepEqual(await prompts.pick({ title: 'Which?', choices }), { answer: 2 });
    await assert.rejects(prompts.pick({ title: 'Which?', choices }), /no such choice among: one, two/);
    assert.equal(await prompts.pick({ title: 'Which?', choices }), undefined);
  });

  it('cancels a progress notification when it’s told to', async () => {
    const task = (signal: AbortSignal): Promise<boolean> =>
      new Promise((resolve) => setTimeout(() => resolve(signal.aborted), 20));
    assert.equal(await prompts.progress('Verifying', task), false);
    prompts.cancelNextProgress();
    assert.equal(await prompts.progress('Verifying', task), true);
    assert.equal(await prompts.progress('Verifying', task), false);
    assert.deepEqual(prompts.progressTitles, Array<string>(3).fill('Verifying'));
  });
});
