import type { Uri } from 'vscode';
import { isDotenvName } from '../core/dotenvNames';

/** The name of a file, without its folder. */
export function fileName({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a file is a `.env` file, by its name. */
export function isDotenv(uri: Uri): boolean {
  return isDotenvName(fileName(uri));
}
