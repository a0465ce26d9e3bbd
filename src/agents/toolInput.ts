import { createHash } from 'node:crypto';
import { isRecord, readText } from '../api/json';

/** A model's input is invalid. The message is for the model and names the field. */
export class ToolInputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ToolInputError';
  }
}

/** A text of the input, trimmed. Undefined if there is none. @throws ToolInputError if it isn't a text */
export function optionalText(input: unknown, name: string, longest = 256): string | undefined {
  const value = isRecord(input) ? input[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new ToolInputError(`"${name}" must be a string.`);
  const text = value.trim();
  if (text.length > longest) throw new ToolInputError(`"${name}" must have at most ${longest} characters.`);
  return readText(text);
}

/** @throws ToolInputError if there is no such text */
export function requiredText(input: unknown, name: string, longest?: number): string {
  const text = optionalText(input, name, longest);
  if (text === undefined) throw new ToolInputError(`"${name}" is missing.`);
  return text;
}

/** @throws ToolInputError if the text isn't one of these */
export function optionalChoice<T extends string>(input: unknown, name: string, choices: readonly T[]): T | undefined {
  const text = optionalText(input, name);
  if (text === undefined) return undefined;
  const choice = choices.find((each) => each === text.toUpperCase());
  if (choice === undefined) throw new ToolInputError(`"${name}" must be one of ${choices.join(', ')}.`);
  return choice;
}

/** A position in a list: a page of the server's, and how many of its entries were returned before. */
export interface ListPosition {
  readonly pageToken?: string;
  readonly skip: number;
  /** Set from the second page requested by a token. */
  readonly trail?: ListTrail;
}

/** Detects a list that goes in a circle: the number of pages requested by a token, and the mark of an earlier token. */
interface ListTrail {
  readonly pages: number;
  readonly mark: string;
}

/** Reads what {@link writePosition} wrote. @throws ToolInputError for any other text */
export function readPosition(input: unknown): ListPosition {
  const text = optionalText(input, 'page', 4096);
  if (text === undefined) return { skip: 0 };
  const [, skip, pages, mark, pageToken] = /^(\d{1,4})(?:\.(\d{1,9})\.([\w-]{1,16}))?:(.*)$/s.exec(text) ?? [];
  if (skip === undefined) throw new ToolInputError('"page" must be the "nextPage" of an earlier result of this tool.');
  return {
    skip: Number(skip),
    ...(pageToken ? { pageToken } : {}),
    ...(mark === undefined ? {} : { trail: { pages: Number(pages), mark } }),
  };
}

export function writePosition({ pageToken, skip, trail }: ListPosition): string {
  return `${skip}${trail === undefined ? '' : `.${trail.pages}.${trail.mark}`}:${pageToken ?? ''}`;
}

/**
 * The position after a page. Undefined at the end of the list, or where it goes in a circle. A position can't contain
 * all earlier tokens, so it contains the mark of one: the last whose number is a power of two (Brent's cycle
 * detection).
 */
export function followingPosition(
  { pageToken, trail }: ListPosition,
  next: string | undefined,
): ListPosition | undefined {
  if (next === undefined || next === pageToken) return undefined;
  if (pageToken === undefined) return { pageToken: next, skip: 0 };
  const { pages, mark } = trail ?? { pages: 1, mark: markOf(pageToken) };
  const here = markOf(next);
  if (here === mark) return undefined;
  const isPowerOfTwo = Number.isInteger(Math.log2(pages + 1));
  return { pageToken: next, skip: 0, trail: { pages: pages + 1, mark: isPowerOfTwo ? here : mark } };
}

function markOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url').slice(0, 12);
}
