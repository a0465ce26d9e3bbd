import * as vscode from 'vscode';
import { isCancelled } from '../api/client/scalekitError';
import type {
  Choice,
  EntryAnswer,
  EntryPrompt,
  InputAnswer,
  InputPrompt,
  Note,
  PickManyPrompt,
  PickPrompt,
  PromptResult,
  Prompts,
  SearchPrompt,
} from './prompts';

/**
 * Prompts in VS Code's own widgets, which show texts unescaped. All of them stay open when the user switches to another
 * window to copy something.
 */
export const vscodePrompts: Prompts = {
  input,
  entry,
  pick,
  pickMany,
  search,
  async confirm({ message, detail, action }) {
    return (
      (await vscode.window.showWarningMessage(message, { modal: true, detail: detail?.join('\n') }, action)) === action
    );
  },
  async notice(message, detail, ...buttons) {
    const options = { modal: true, detail: detail.join('\n') };
    // Beside other buttons, VS Code's own would be Cancel.
    const ok = { title: vscode.l10n.t('OK'), isCloseAffordance: true };
    const items = buttons.length === 0 ? [] : [...buttons.map((title) => ({ title })), ok];
    const pressed = await vscode.window.showInformationMessage(message, options, ...items);
    return pressed === ok ? undefined : pressed?.title;
  },
  async message(severity, text, ...buttons) {
    switch (severity) {
      case 'information':
        return vscode.window.showInformationMessage(text, ...buttons);
      case 'warning':
        return vscode.window.showWarningMessage(text, ...buttons);
      case 'error':
        return vscode.window.showErrorMessage(text, ...buttons);
    }
  },
  async progress(title, task) {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return task(controller.signal, (message) => progress.report({ message }));
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
  const say = (problem: string | undefined): void => {
    box.validationMessage = problem;
  };
  say(prompt.problem);
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
      say(problem);
      return problem;
    };
    const finish = (answer: PromptResult<InputAnswer>): void => {
      result = answer;
      box.hide();
    };
    let before = box.value;
    box.onDidChangeValue((text) => {
      // A key adds one character, so a longer addition was pasted. VS Code has turned its line breaks into spaces.
      const added = addedText(before, text);
      before = text;
      if (added.length > 1 && prompt.takesPasted?.(added) === true) {
        box.value = '';
        finish({ answer: { text: added } });
        return;
      }
      const wrongPlace = prompt.rejectVisible?.(text);
      if (wrongPlace !== undefined) {
        box.value = '';
        say(wrongPlace);
        // Clearing the box is a change too, which must not remove the message.
        keepProblem = true;
      } else if (keepProblem && text === '') keepProblem = false;
      else if (validating) validate();
      else say(undefined);
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

/** What a text contains that the previous one didn't, as one piece. */
function addedText(before: string, text: string): string {
  let start = 0;
  while (start < before.length && before[start] === text[start]) start++;
  let end = 0;
  while (end < before.length - start && end < text.length - start && before.at(-1 - end) === text.at(-1 - end)) end++;
  return text.slice(start, text.length - end);
}

/** About how many characters of a label fit into a list. */
const LABEL_LENGTH = 80;

/** Unlike an input box, a list has room for rows that say what Enter does. Its problems are rows too. */
function entry<T>(prompt: EntryPrompt<T>): Promise<PromptResult<EntryAnswer<T>>> {
  const list = quickPick<T>(prompt);
  keepOrder(list);
  list.value = prompt.value ?? '';
  let validating = false;
  const show = (problem: string | undefined): void => {
    const items = [...problemItems(problem), ...prompt.choices(list.value).flatMap(pickItems)];
    list.items = items.map((item) => ({ ...item, alwaysShow: true }));
  };
  show(prompt.problem);
  list.onDidChangeValue((text) => show(validating ? prompt.validate?.(text) : undefined));

  return answered(list, () => {
    const text = list.value;
    validating = true;
    const problem = prompt.validate?.(text);
    if (problem !== undefined) {
      show(problem);
      return undefined;
    }
    // The row may still be about an earlier text, but its label stays. Enter on a problem tries again.
    const selected = list.selectedItems[0]?.choice?.label;
    const choices = prompt.choices(text);
    const choice = choices.find(({ label }) => label === selected) ?? choices[0];
    return choice === undefined ? undefined : { answer: { text, choice: choice.value } };
  });
}

/** A problem, in as many rows as it needs: a row that is too long is cut off. */
function problemItems(problem: string | undefined): vscode.QuickPickItem[] {
  const rows: string[] = [];
  for (const word of problem?.split(' ') ?? []) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + word.length < LABEL_LENGTH) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  const icon = (name: string): vscode.ThemeIcon => new vscode.ThemeIcon(name);
  return rows.map((label, index) => ({ label, iconPath: icon(index === 0 ? 'error' : 'blank') }));
}

interface ChoiceItem<T> extends vscode.QuickPickItem {
  readonly choice?: Choice<T>;
  /** Created from the typed text. */
  readonly typed?: boolean;
}

function pick<T>(prompt: PickPrompt<T>): Promise<PromptResult<T>> {
  const list = quickPick<T>(prompt);
  const items = prompt.choices.flatMap(pickItems);
  list.items = items;
  const first = list.items.find(({ choice }) => choice !== undefined && !choice.notPreselected);
  if (first !== undefined) list.activeItems = [first];
  const { typed } = prompt;
  if (typed !== undefined) {
    list.onDidChangeValue((text) => {
      const choice = typed(text);
      list.items = [
        ...items,
        ...(choice === undefined ? [] : pickItems(choice).map((item) => ({ ...item, alwaysShow: true, typed: true }))),
      ];
    });
  }

  return answered(list, () => {
    const selected = list.selectedItems[0];
    // A fast typist presses Enter before the row has caught up with the text.
    const choice = selected === undefined || selected.typed ? typed?.(list.value) : selected.choice;
    return choice === undefined ? undefined : { answer: choice.value };
  });
}

function pickMany<T>(prompt: PickManyPrompt<T>): Promise<PromptResult<readonly T[]>> {
  const list = quickPick<T>(prompt);
  list.canSelectMany = true;
  list.items = prompt.choices.flatMap(pickItems);
  const picked = new Set(prompt.choices.filter((choice) => choice.picked).map(({ value }) => value));
  list.selectedItems = list.items.filter(({ choice }) => choice !== undefined && picked.has(choice.value));

  return answered(list, () => {
    const selected = new Set(list.selectedItems.map(({ choice }) => choice));
    const answer = prompt.choices.filter((choice) => selected.has(choice)).map(({ value }) => value);
    const problem = prompt.validate?.(answer);
    if (problem === undefined) return { answer };
    // The placeholder is visible, and read aloud, only without text.
    list.value = '';
    list.placeholder = problem;
    return undefined;
  });
}

/**
 * Shows a list until `accept`, called when the user presses Enter, returns an answer, or the user goes back or cancels.
 */
function answered<T, A>(
  list: vscode.QuickPick<ChoiceItem<T>>,
  accept: () => { readonly answer: A } | undefined,
): Promise<PromptResult<A>> {
  return new Promise((resolve) => {
    let result: PromptResult<A>;
    list.onDidAccept(() => {
      result = accept();
      if (result !== undefined) list.hide();
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

function quickPick<T>(prompt: Omit<PickManyPrompt<T>, 'validate' | 'choices'>): vscode.QuickPick<ChoiceItem<T>> {
  const list = vscode.window.createQuickPick<ChoiceItem<T>>();
  list.title = prompt.title;
  list.placeholder = prompt.placeholder;
  list.ignoreFocusOut = true;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.step = prompt.step?.number;
  list.totalSteps = prompt.step?.of;
  list.buttons = prompt.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  return list;
}

/** The row of a choice, with its separator above it. */
function pickItems<T>(choice: Choice<T>): ChoiceItem<T>[] {
  return [
    ...(choice.separatorBefore === undefined
      ? []
      : [{ label: choice.separatorBefore, kind: vscode.QuickPickItemKind.Separator }]),
    {
      label: choice.label,
      description: choice.description,
      detail: choice.detail,
      iconPath: choice.icon === undefined ? undefined : new vscode.ThemeIcon(choice.icon),
      choice,
    },
  ];
}

/**
 * Keeps the order of the rows instead of sorting them by label. Every VS Code list has this switch, but its types don't
 * include it yet (vscode#73904).
 */
function keepOrder(list: object): void {
  Object.assign(list, { sortByLabel: false });
}

/** Enter does nothing on it. */
function noteItem({ note }: Note): vscode.QuickPickItem {
  return { label: note, iconPath: new vscode.ThemeIcon('info') };
}

/** How long after the last key a search starts, in milliseconds. */
const SEARCH_DELAY_MS = 300;

function search<T>(prompt: SearchPrompt<T>): Promise<PromptResult<T>> {
  const list = vscode.window.createQuickPick<ChoiceItem<T>>();
  keepOrder(list);
  list.title = prompt.title;
  list.value = prompt.value ?? '';
  list.placeholder = prompt.placeholder;
  list.ignoreFocusOut = true;
  return new Promise((resolve, reject) => {
    let result: PromptResult<T>;
    let failure: { readonly error: unknown } | undefined;
    let controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    /** What Enter or a click has chosen among the rows for the current text. */
    let chosen: Choice<T> | undefined;
    // VS Code refers to a row by its number and receives new rows with a delay. While rows for another text may still
    // be on screen, we have no rows that a key or click could refer to.
    const setRows = (items: readonly ChoiceItem<T>[]): void => {
      chosen = undefined;
      list.items = items;
    };
    const run = async (text: string): Promise<void> => {
      const { signal } = controller;
      try {
        const rows = await prompt.search(text, signal);
        if (signal.aborted) return;
        // The server has chosen. VS Code must not hide rows whose label doesn't contain the text.
        setRows(
          rows
            .flatMap((row) => ('note' in row ? noteItem(row) : pickItems(row)))
            .map((item) => ({ ...item, alwaysShow: true })),
        );
        const first = list.items.find(({ choice }) => choice !== undefined && !choice.notPreselected);
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
      setRows([]);
      timer = setTimeout(() => void run(text), SEARCH_DELAY_MS);
    });
    list.onDidChangeSelection(([item]) => {
      chosen = item?.choice;
    });
    list.onDidAccept(() => {
      if (chosen === undefined) return;
      result = { answer: chosen.value };
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
    void run(list.value);
  });
}
