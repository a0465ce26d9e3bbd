/** The result of a prompt: an answer, a step back, or undefined if the user cancelled. An empty text is an answer. */
export type PromptResult<T> = { readonly answer: T } | 'back' | undefined;

export interface InputPrompt {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Shows dots instead of the text. */
  readonly password?: boolean;
  /** The position in a wizard. From the second step there is a Back button. */
  readonly step?: { readonly number: number; readonly of: number };
  /** Shown at once, until the user types: what was wrong with the last try. */
  readonly problem?: string;
  /** Returns a message if the text isn't valid. Called when the user presses Enter, and on typing after that. */
  readonly validate?: (text: string) => string | undefined;
  /** Returns a message if the text must not stay visible, for example a secret. The box is then cleared at once. */
  readonly rejectVisible?: (text: string) => string | undefined;
  /**
   * Whether a pasted text is already the answer. The box is then cleared at once, and the text accepted without Enter.
   */
  readonly takesPasted?: (text: string) => boolean;
  /** Further buttons beside Back. The one that was pressed is the answer. */
  readonly buttons?: readonly InputButton[];
}

export interface InputButton {
  readonly id: string;
  readonly icon: string;
  readonly tooltip: string;
  /** Whether the text must pass `validate` when the button is pressed, as with Enter. */
  readonly needsText?: boolean;
}

export interface InputAnswer {
  readonly text: string;
  /** The ID of the button that was pressed instead of Enter. */
  readonly button?: string;
}

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Name of a codicon. */
  readonly icon?: string;
  /** Shows a separator with this label above it. */
  readonly separatorBefore?: string;
  /** It's in the list, but Enter doesn't accept it by default. */
  readonly notPreselected?: boolean;
}

export interface PickPrompt<T> {
  readonly title: string;
  readonly placeholder?: string;
  readonly choices: readonly Choice<T>[];
  /** Turns the typed text into a choice below the matching ones. Returns undefined if that text can't be one. */
  readonly typed?: (text: string) => Choice<T> | undefined;
  readonly step?: { readonly number: number; readonly of: number };
  readonly canGoBack?: boolean;
}

/** A text, and rows below it that say what can be done with it. */
export interface EntryPrompt<T> {
  readonly title: string;
  /** What to type. */
  readonly placeholder: string;
  readonly value?: string;
  /** Shown at once, until the user types: what was wrong with the last try. */
  readonly problem?: string;
  /** Returns a message if the text isn't valid. Called when the user presses Enter, and on typing after that. */
  readonly validate?: (text: string) => string | undefined;
  /**
   * What can be done with a text, even an invalid one. Enter takes the first. Every text has choices with the same
   * labels; only their descriptions and values differ.
   */
  readonly choices: (text: string) => readonly Choice<T>[];
}

export interface EntryAnswer<T> {
  readonly text: string;
  readonly choice: T;
}

/** A list from which any number of items can be picked. */
export interface PickManyPrompt<T> {
  readonly title: string;
  readonly placeholder?: string;
  readonly choices: readonly ManyChoice<T>[];
  /** Returns a message if these can't be picked together. It's shown instead of the placeholder. */
  readonly validate?: (values: readonly T[]) => string | undefined;
  readonly step?: { readonly number: number; readonly of: number };
  readonly canGoBack?: boolean;
}

export interface ManyChoice<T> extends Choice<T> {
  /** Picked at the start. */
  readonly picked?: boolean;
}

/** A row that only informs and can't be chosen. */
export interface Note {
  readonly note: string;
}

/** A list whose rows are searched while the user types. */
export interface SearchPrompt<T> {
  readonly title: string;
  readonly placeholder?: string;
  /** The text at the start. Default: empty. */
  readonly value?: string;
  /**
   * The rows for a text, first for the one at the start. Called a moment after the last key. `signal` aborts if the text
   * changes. What it throws ends the prompt.
   */
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly (Choice<T> | Note)[]>;
}

export interface ConfirmPrompt {
  readonly message: string;
  /** Lines. An empty one separates paragraphs. */
  readonly detail?: readonly string[];
  readonly action: string;
}

/** Shows how far a task is, in a few words. Replaces what was shown before. */
export type ReportProgress = (message: string) => void;

/**
 * Everything that the extension asks the user. Passed in, so that tests can script the answers. Texts may contain
 * unescaped names from the server.
 */
export interface Prompts {
  input(prompt: InputPrompt): Promise<PromptResult<InputAnswer>>;
  entry<T>(prompt: EntryPrompt<T>): Promise<PromptResult<EntryAnswer<T>>>;
  pick<T>(prompt: PickPrompt<T>): Promise<PromptResult<T>>;
  /** The picked values in the order of the list. May be empty. */
  pickMany<T>(prompt: PickManyPrompt<T>): Promise<PromptResult<readonly T[]>>;
  search<T>(prompt: SearchPrompt<T>): Promise<PromptResult<T>>;
  /** A modal dialog. True only if the user pressed its action. */
  confirm(prompt: ConfirmPrompt): Promise<boolean>;
  /** A modal dialog that the user must see. `detail` is lines. Returns the button that was pressed, if any. */
  notice(message: string, detail: readonly string[], ...buttons: string[]): Promise<string | undefined>;
  /** A notification with buttons. Returns the one that was pressed, or undefined if it was dismissed. */
  message(
    severity: 'information' | 'warning' | 'error',
    text: string,
    ...buttons: string[]
  ): Promise<string | undefined>;
  /** Runs a task behind a notification with a Cancel button. `report` shows how far it is. */
  progress<T>(title: string, task: (signal: AbortSignal, report: ReportProgress) => Promise<T>): Promise<T>;
}
