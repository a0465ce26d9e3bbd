/** What came of a prompt: an answer, a step back, or undefined when the person cancelled. Empty text is an answer. */
export type PromptResult<T> = { readonly answer: T } | 'back' | undefined;

export interface InputPrompt {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Shows dots instead of the text. */
  readonly password?: boolean;
  /** Where the person is in the flow; from the second step on there is a Back button. */
  readonly step?: { readonly number: number; readonly of: number };
  /** Shown at once, until the person types: what was wrong with the last try. */
  readonly problem?: string;
  /** A sentence when the text cannot be taken, else undefined. Asked when the person accepts, and on typing after that. */
  readonly validate?: (text: string) => string | undefined;
  /** A sentence when the text must not stay in sight, such as a secret in a visible box: then the box is emptied at once. */
  readonly rejectVisible?: (text: string) => string | undefined;
  /** Whether a pasted text is an answer as it is: then the box is emptied at once, and it is taken without Enter. */
  readonly takesPasted?: (text: string) => boolean;
  /** Further buttons beside Back; the one pressed is the answer. */
  readonly buttons?: readonly InputButton[];
}

export interface InputButton {
  readonly id: string;
  readonly icon: string;
  readonly tooltip: string;
  /** Whether the text must pass `validate` when it is pressed, as with Enter. */
  readonly needsText?: boolean;
}

export interface InputAnswer {
  readonly text: string;
  /** The id of the button pressed instead of Enter. */
  readonly button?: string;
}

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Name of a codicon. */
  readonly icon?: string;
  /** A line with this label stands above it. */
  readonly separatorBefore?: string;
  /** Stands in the list without being what Enter takes first. */
  readonly isAside?: boolean;
}

export interface PickPrompt<T> {
  readonly title: string;
  readonly placeholder?: string;
  readonly choices: readonly Choice<T>[];
  /** Makes what was typed a choice too, below those of the list that match; undefined for a text that is none. */
  readonly typed?: (text: string) => Choice<T> | undefined;
  readonly step?: { readonly number: number; readonly of: number };
  readonly canGoBack?: boolean;
}

/** A list of which any number can be picked. */
export interface PickManyPrompt<T> {
  readonly title: string;
  readonly placeholder?: string;
  readonly choices: readonly ManyChoice<T>[];
  /** A sentence when these cannot be taken together, else undefined; it then stands in the place of the placeholder. */
  readonly validate?: (values: readonly T[]) => string | undefined;
  readonly step?: { readonly number: number; readonly of: number };
  readonly canGoBack?: boolean;
}

export interface ManyChoice<T> extends Choice<T> {
  /** Picked from the beginning. */
  readonly picked?: boolean;
}

/** A row that only says something: it is read, and cannot be chosen. */
export interface Note {
  readonly note: string;
}

/** A list whose rows are looked up while the person types. */
export interface SearchPrompt<T> {
  readonly title: string;
  readonly placeholder?: string;
  /**
   * The rows for a text, the empty one first. Called a moment after the last key; `signal` aborts when the text is another by then.
   * What it throws ends the prompt.
   */
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly (Choice<T> | Note)[]>;
}

export interface ConfirmPrompt {
  readonly message: string;
  /** Lines; an empty one stands between paragraphs. */
  readonly detail?: readonly string[];
  readonly action: string;
}

/**
 * Everything that the extension asks of a person. Passed in, so that a test can hold the answers ready. Texts may hold names from the
 * server as they are.
 */
export interface Prompts {
  input(prompt: InputPrompt): Promise<PromptResult<InputAnswer>>;
  pick<T>(prompt: PickPrompt<T>): Promise<PromptResult<T>>;
  /** The values of those picked, in the order of the list; perhaps none. */
  pickMany<T>(prompt: PickManyPrompt<T>): Promise<PromptResult<readonly T[]>>;
  search<T>(prompt: SearchPrompt<T>): Promise<PromptResult<T>>;
  /** A modal; true only when the person pressed its action. */
  confirm(prompt: ConfirmPrompt): Promise<boolean>;
  /** A modal that a person must have seen, with nothing to choose. `detail` is lines. */
  notice(message: string, detail: readonly string[]): Promise<void>;
  /** A message with buttons; the one pressed, or undefined when it was dismissed. */
  message(
    severity: 'information' | 'warning' | 'error',
    text: string,
    ...buttons: string[]
  ): Promise<string | undefined>;
  /** Runs a task behind a notification that can be cancelled. */
  progress<T>(title: string, task: (signal: AbortSignal) => Promise<T>): Promise<T>;
}
