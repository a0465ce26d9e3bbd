import { readFile } from 'node:fs/promises';
import { parseFlags } from './commandLines.mjs';

/** One line of out/test-results.jsonl. */
export interface TestResult {
  readonly unit: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed';
}

export function readResults(text: string): TestResult[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TestResult);
}

/** `npm run test:titles`: lists the tests that only one of two runs has. */
export async function main(flags: readonly string[]): Promise<number> {
  const { positionals } = parseFlags('titles', flags);
  const [before = new Map(), after = new Map()] = await Promise.all(
    positionals.map(async (file) => countsOf(readResults(await readFile(file, 'utf8')))),
  );
  const gone = missing(before, after);
  const added = missing(after, before);
  for (const line of gone) console.log(`- ${line}`);
  for (const line of added) console.log(`+ ${line}`);
  console.log(`${total(before)} tests before, ${total(after)} after; ${gone.length} titles gone, ${added.length} new.`);
  return 0;
}

/** How often each title ran. A plain unit's title is enough without its name. Elsewhere the name has a version. */
function countsOf(results: readonly TestResult[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { unit, title } of results) {
    const [group = '', ...rest] = unit.split(' ');
    const version = group === 'integration' ? ` ${rest[0]}` : '';
    const key = `${group}${version}: ${title}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function missing(from: ReadonlyMap<string, number>, there: ReadonlyMap<string, number>): string[] {
  return [...from]
    .filter(([title, count]) => (there.get(title) ?? 0) < count)
    .map(([title, count]) => (count > 1 || there.has(title) ? `${title} (${count} → ${there.get(title) ?? 0})` : title))
    .sort();
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
