import { beginningOf } from '../api/beginningOf';

const MOST = 400;

/** A value from elsewhere as one line, cut if it's long. It isn't escaped. */
export function shownValue(value: unknown): string {
  if (value === undefined) return '…';
  const text =
    typeof value === 'string'
      ? value
      : Array.isArray(value) && value.every((each) => typeof each === 'string')
        ? value.join(', ')
        : JSON.stringify(value);
  const short = beginningOf(text, MOST);
  return short.length < text.length ? `${short}…` : short;
}
