import { readFile } from 'node:fs/promises';

/** The interceptors in a JSON file: a list, or an object whose `interceptors` is one. @throws Error with a sentence */
export async function readInterceptorFile(path: string): Promise<readonly unknown[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(`${path} can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`, {
      cause: error,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${path} isn't JSON.`, { cause: error });
  }
  const list = typeof json === 'object' && json !== null && 'interceptors' in json ? json.interceptors : json;
  if (!Array.isArray(list)) throw new Error(`${path} must hold a list of interceptors.`);
  return list as unknown[];
}
