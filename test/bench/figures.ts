/** The results of several runs. */
export interface Figures {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

/** @throws RangeError if there is no value */
export function figuresOf(values: readonly number[]): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const [minimum, maximum] = [sorted[0], sorted.at(-1)];
  if (minimum === undefined || maximum === undefined) throw new RangeError('There is no value.');
  const middle = (sorted.length - 1) / 2;
  return { minimum, median: ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2, maximum };
}

/** `a` divided by `b`, run by run. */
export function ratiosOf(a: readonly number[], b: readonly number[]): Figures {
  return figuresOf(a.map((value, run) => value / (b[run] ?? NaN)));
}
