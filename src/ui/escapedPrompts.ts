import { displayText, displayTextWithoutMarkup } from './displayText';
import type { Choice, Prompts } from './prompts';

/**
 * The same prompts with all their texts escaped: many contain names from the server. Callers pass texts unescaped. What
 * the user types stays as it is, and so do the buttons, whose texts are our own.
 */
export function escapedPrompts(prompts: Prompts): Prompts {
  return {
    input: (prompt) =>
      prompts.input({
        ...prompt,
        title: displayTextWithoutMarkup(prompt.title),
        prompt: displayTextWithoutMarkup(prompt.prompt),
        placeholder: inertPlaceholder(prompt.placeholder),
        problem: inertText(prompt.problem),
        validate: (text) => inertText(prompt.validate?.(text)),
        rejectVisible: (text) => inertText(prompt.rejectVisible?.(text)),
      }),
    entry: (prompt) =>
      prompts.entry({
        ...prompt,
        title: displayTextWithoutMarkup(prompt.title),
        placeholder: displayText(prompt.placeholder),
        problem: inertText(prompt.problem),
        validate: (text) => inertText(prompt.validate?.(text)),
        choices: (text) => prompt.choices(text).map(inertChoice),
      }),
    pick: ({ typed, ...prompt }) =>
      prompts.pick({
        ...inertFrame(prompt),
        choices: prompt.choices.map(inertChoice),
        typed: typed && ((text) => inertChoice(typed(text))),
      }),
    pickMany: (prompt) =>
      prompts.pickMany({
        ...inertFrame(prompt),
        choices: prompt.choices.map(inertChoice),
        validate: (values) => inertPlaceholder(prompt.validate?.(values)),
      }),
    search: (prompt) =>
      prompts.search({
        ...inertFrame(prompt),
        search: async (text, signal) =>
          (await prompt.search(text, signal)).map((row) =>
            'note' in row ? { note: displayTextWithoutMarkup(row.note) } : inertChoice(row),
          ),
      }),
    confirm: ({ message, detail, action }) =>
      prompts.confirm({
        message: displayTextWithoutMarkup(message),
        detail: detail?.map(displayTextWithoutMarkup),
        action,
      }),
    notice: (message, detail, ...buttons) =>
      prompts.notice(displayTextWithoutMarkup(message), detail.map(displayTextWithoutMarkup), ...buttons),
    message: (severity, text, ...buttons) => prompts.message(severity, displayTextWithoutMarkup(text), ...buttons),
    progress: (title, task) =>
      prompts.progress(displayTextWithoutMarkup(title), (signal, report) =>
        task(signal, (message) => report(displayTextWithoutMarkup(message))),
      ),
  };
}

function inertText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : displayTextWithoutMarkup(text);
}

/** A placeholder renders no icons or links. */
function inertPlaceholder(text: string | undefined): string | undefined {
  return text === undefined ? undefined : displayText(text);
}

function inertFrame<P extends { readonly title: string; readonly placeholder?: string }>(prompt: P): P {
  return {
    ...prompt,
    title: displayTextWithoutMarkup(prompt.title),
    placeholder: inertPlaceholder(prompt.placeholder),
  };
}

function inertChoice<C extends Choice<unknown> | undefined>(choice: C): C {
  return (
    choice && {
      ...choice,
      label: displayTextWithoutMarkup(choice.label),
      description: inertText(choice.description),
      detail: inertText(choice.detail),
    }
  );
}
