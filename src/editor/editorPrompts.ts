import * as vscode from 'vscode';
import { displayTextWithoutIcons } from './displayText.js';
import { isCancelled } from '../api/scalekitError.js';
import type { Choice, InputAnswer, InputPrompt, PickPrompt, PromptResult, Prompts, SearchPrompt } from './prompts.js';

/** Prompts in VS Code's own widgets. All of them stay open when the person goes to another window to copy something. */
export const editorPrompts: Prompts = {
  input,
  pick,
  search,
  async confirm({ message, detail, action }) {
    return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
  },
  async message(severity, text, ...buttons) {
    const shown = displayTextWithoutIcons(text);
    switch (severity) {
      case 'information':
        return vscode.window.showInformationMessage(shown, ...buttons);
      case 'warning':
        return vscode.window.showWarningMessage(shown, ...buttons);
      case 'error':
        return vscode.window.showErrorMessage(shown, ...buttons);
    }
  },
  async progress(title, task) {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, (_progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return task(controller.signal);
    });
  },
};

function input(prompt: InputPrompt): Promise<PromptResult<InputAnswer>> {
  const box = vscode.window.createInputBox();
  box.title = prompt.title;
  box.prompt = prompt.prompt;
  box.placeholder = prompt.placeholder;
  box.value = prompt.value ?? '';
  box.password = prompt.password ?? false;
  box.ignoreFocusOut = true;
  box.step = prompt.step?.number;
  box.totalSteps = prompt.step?.of;
  box.validationMessage = prompt.problem;
  const extra = (prompt.buttons ?? []).map((button) => ({
    id: button.id,
    needsText: button.needsText ?? false,
    iconPath: new vscode.ThemeIcon(button.icon),
    tooltip: button.tooltip,
  }));
  box.buttons = [...((prompt.step?.number ?? 1) > 1 ? [vscode.QuickInputButtons.Back] : []), ...extra];

  return new Promise((resolve) => {
    let result: PromptResult<InputAnswer>;
    let validating = false;
    let keepProblem = false;
    const validate = (): string | undefined => {
      const problem = prompt.validate?.(box.value);
      box.validationMessage = problem;
      return problem;
    };
    const finish = (answer: PromptResult<InputAnswer>): void => {
      result = answer;
      box.hide();
    };
    box.onDidChangeValue((text) => {
      const wrongPlace = prompt.mustNotShow?.(text);
      if (wrongPlace !== undefined) {
        box.value = '';
        box.validationMessage = wrongPlace;
        // Emptying the box is a change too, which must not take the sentence away.
        keepProblem = true;
      } else if (keepProblem && text === '') keepProblem = false;
      else if (validating) validate();
      else box.validationMessage = undefined;
    });
    box.onDidAccept(() => {
      validating = true;
      if (validate() === undefined) finish({ answer: { text: box.value } });
    });
    box.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) finish('back');
      else {
        const pressed = extra.find((candidate) => candidate === button);
        if (pressed === undefined) return;
        validating ||= pressed.needsText;
        if (!pressed.needsText || validate() === undefined) finish({ answer: { text: box.value, button: pressed.id } });
      }
    });
    box.onDidHide(() => {
      box.dispose();
      resolve(result);
    });
    box.show();
  });
}

interface ChoiceItem<T> extends vscode.QuickPickItem {
  readonly choice?: Choice<T>;
  /** Made of what was typed. */
  readonly typed?: boolean;
}

function pick<T>(prompt: PickPrompt<T>): Promise<PromptResult<T>> {
  const list = vscode.window.createQuickPick<ChoiceItem<T>>();
  list.title = prompt.title;
  list.placeholder = prompt.placeholder;
  list.ignoreFocusOut = true;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.step = prompt.step?.number;
  list.totalSteps = prompt.step?.of;
  list.buttons = prompt.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  const items = prompt.choices.flatMap(pickItems);
  list.items = items;
  const { typed } = prompt;
  if (typed !== undefined) {
    list.onDidChangeValue((text) => {
      const choice = typed(text);
      list.items = [...items, ...(choice === undefined ? [] : pickItems(choice).map((item) => ({ ...item, alwaysShow: true, typed: true })))];
    });
  }

  return new Promise((resolve) => {
    let result: PromptResult<T>;
    list.onDidAccept(() => {
      const selected = list.selectedItems[0];
      // Who types fast presses Enter before the row has followed the text.
      const choice = selected === undefined || selected.typed ? typed?.(list.value) : selected.choice;
      if (choice === undefined) return;
      result = { answer: choice.value };
      list.hide();
    });
    list.onDidTriggerButton(() => {
      result = 'back';
      list.hide();
    });
    list.onDidHide(() => {
      list.dispose();
      resolve(result);
    });
    list.show();
  });
}

/** The row of a choice, with its separator above it. */
function pickItems<T>(choice: Choice<T>): ChoiceItem<T>[] {
  return [
    ...(choice.separatorBefore === undefined ? [] : [{ label: choice.separatorBefore, kind: vscode.QuickPickItemKind.Separator }]),
    {
      label: displayTextWithoutIcons(choice.label),
      description: choice.description === undefined ? undefined : displayTextWithoutIcons(choice.description),
      detail: choice.detail === undefined ? undefined : displayTextWithoutIcons(choice.detail),
      iconPath: choice.icon === undefined ? undefined : new vscode.ThemeIcon(choice.icon),
      choice,
    },
  ];
}

/** How long after the last key a search begins, in milliseconds. */
const SEARCH_DELAY_MS = 300;

function search<T>(prompt: SearchPrompt<T>): Promise<PromptResult<T>> {
  const list = vscode.window.createQuickPick<ChoiceItem<T>>();
  list.title = prompt.title;
  list.placeholder = prompt.placeholder;
  list.ignoreFocusOut = true;
  return new Promise((resolve, reject) => {
    let result: PromptResult<T>;
    let failure: { readonly error: unknown } | undefined;
    let controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const run = async (text: string): Promise<void> => {
      const { signal } = controller;
      try {
        const choices = await prompt.search(text, signal);
        if (signal.aborted) return;
        // The server has chosen; VS Code must not hide rows whose label does not hold the text.
        list.items = choices.flatMap(pickItems).map((item) => ({ ...item, alwaysShow: true }));
        const first = list.items.find(({ choice }) => choice !== undefined && !choice.isAside);
        if (first !== undefined) list.activeItems = [first];
        list.busy = false;
      } catch (error) {
        if (signal.aborted || isCancelled(error)) return;
        failure = { error };
        list.hide();
      }
    };
    list.onDidChangeValue((text) => {
      clearTimeout(timer);
      controller.abort();
      controller = new AbortController();
      list.busy = true;
      timer = setTimeout(() => void run(text), SEARCH_DELAY_MS);
    });
    list.onDidAccept(() => {
      const choice = list.selectedItems[0]?.choice;
      if (choice === undefined) return;
      result = { answer: choice.value };
      list.hide();
    });
    list.onDidHide(() => {
      clearTimeout(timer);
      controller.abort();
      list.dispose();
      if (failure !== undefined) reject(failure.error);
      else resolve(result);
    });
    list.show();
    void run('');
  });
}
