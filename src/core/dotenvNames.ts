/** Where `.env` files are, as a pattern for VS Code's search. */
export const DOTENV_FILES = '**/{.env*,*.env,.dev.vars*,.flaskenv}';

const DOTENV_NAME = /^(?:\.env.*|.*\.env|\.dev\.vars.*|\.flaskenv)$/;

/** In bytes. No `.env` file is larger, so larger files aren't read. */
export const LARGEST_DOTENV_FILE = 256 * 1024;

/** Whether a file is a `.env` file, by its name. Its language differs between versions of VS Code. */
export function isDotenvName(name: string): boolean {
  return DOTENV_NAME.test(name);
}
