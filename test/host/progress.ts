import { patient } from './patience';

/** Runs one long step. Prints a line to stderr at its start, every ten seconds, and at its end. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - start) / 1000)} s`;
  console.error(`${title} …`);
  const ticker = setInterval(() => console.error(`${title} … ${seconds()}`), 10_000);
  try {
    const result = await work();
    console.error(`${title}: done in ${seconds()}`);
    return result;
  } catch (error) {
    console.error(`${title}: failed after ${seconds()}`);
    throw error;
  } finally {
    clearInterval(ticker);
  }
}

/** Rejects with a clear message if `work` isn't done in `milliseconds`, or longer on a busy machine. The caller must stop the work. */
export async function withDeadline<T>(what: string, milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = patient(milliseconds);
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${Math.round(limit / 1000)} s.`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
