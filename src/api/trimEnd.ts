/**
 * The text without trailing characters that match `unwanted`, a pattern for one character like `/^[\s,]$/u`. It checks
 * one character at a time: `/[\s,]+$/` restarts at each character of a run that isn't at the end, which takes minutes
 * for a run of 100,000.
 */
export function trimEnd(text: string, unwanted: RegExp): string {
  let end = text.length;
  while (end > 0) {
    const start = isLowSurrogate(text.charCodeAt(end - 1)) ? Math.max(0, end - 2) : end - 1;
    if (!unwanted.test(text.slice(start, end))) break;
    end = start;
  }
  return text.slice(0, end);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
