/** The names of languages and tools that a request can be copied for. */
export const SNIPPET_FORMATS = [
  'cURL',
  'cURL (PowerShell)',
  'cURL (Windows cmd)',
  'Node.js fetch',
  'axios',
  'Python requests',
  'Go net/http',
] as const;

export type SnippetFormat = (typeof SNIPPET_FORMATS)[number];

/** Stands for a token that a shell command gets from `scalekit-token` in a terminal with Scalekit. */
export const TERMINAL_TOKEN = Symbol('scalekit-token');

/** Whether a format is a shell command, which can get its token from another program. */
export function isShellFormat(format: SnippetFormat): boolean {
  return format in COMMANDS;
}

/** The cURL variant for a shell, by its path or name. */
export function formatForShell(shell: string, platform: NodeJS.Platform = process.platform): SnippetFormat {
  const name = (shell.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  if (name === 'cmd') return 'cURL (Windows cmd)';
  // On other systems PowerShell uses the same form as other shells, since there's no curl.exe.
  return platform === 'win32' && /^(?:powershell|pwsh)/.test(name) ? 'cURL (PowerShell)' : 'cURL';
}

/**
 * A program or shell command that sends a GET request, prints the response, and fails if Scalekit refuses it. Without a
 * token it reads SCALEKIT_ACCESS_TOKEN from its environment.
 *
 * @param url the whole URL, percent-encoded by `requestTarget`
 * @param token an access token to insert
 */
export function snippet(format: SnippetFormat, url: string, token?: string | typeof TERMINAL_TOKEN): string {
  const command = COMMANDS[format as keyof typeof COMMANDS];
  if (command !== undefined) return command(url, token);
  if (token === TERMINAL_TOKEN) throw new TypeError(`${format} is not run by a shell`);
  return PROGRAMS[format as keyof typeof PROGRAMS](url, token);
}

type Command = (url: string, token: string | typeof TERMINAL_TOKEN | undefined) => string;

// By default, curl counts an HTTP error as success. `--fail`, the only option before 7.76 (2021), would hide what
// Scalekit says about it.
const COMMANDS = {
  cURL: (url, token) => `curl --fail-with-body ${quoteForShell(url)} \\
  --header ${typeof token === 'string' ? quoteForShell(`Authorization: Bearer ${token}`) : `"Authorization: Bearer ${token === TERMINAL_TOKEN ? '$(scalekit-token)' : '$SCALEKIT_ACCESS_TOKEN'}"`}
`,

  // In Windows PowerShell, "curl" is another program.
  'cURL (PowerShell)': (url, token) =>
    `curl.exe --fail-with-body ${quoteForPowerShell(url)} --header ${
      typeof token === 'string'
        ? quoteForPowerShell(`Authorization: Bearer ${token}`)
        : `"Authorization: Bearer ${token === TERMINAL_TOKEN ? '$(scalekit-token)' : '$env:SCALEKIT_ACCESS_TOKEN'}"`
    }
`,

  'cURL (Windows cmd)': (url, token) =>
    token === TERMINAL_TOKEN
      ? `for /f "delims=" %t in ('scalekit-token') do @curl --fail-with-body ${quoteForCmd(url)} --header "Authorization: Bearer %t"
`
      : `curl --fail-with-body ${quoteForCmd(url)} --header ${token === undefined ? '"Authorization: Bearer %SCALEKIT_ACCESS_TOKEN%"' : quoteForCmd(`Authorization: Bearer ${token}`)}
`,
} as const satisfies Partial<Record<SnippetFormat, Command>>;

// The programs' text starts in the first column.
const PROGRAMS: Readonly<
  Record<Exclude<SnippetFormat, keyof typeof COMMANDS>, (url: string, token: string | undefined) => string>
> = {
  'Node.js fetch': (url, token) => `// Node.js 18 or later, as an ES module (.mjs)
const response = await fetch(${quote(url)}, ${javaScriptHeaders(token)});
if (!response.ok) throw new Error(\`HTTP \${response.status}: \${await response.text()}\`);
console.log(JSON.stringify(await response.json(), null, 2));
`,

  axios: (url, token) => `// Node.js, as an ES module (.mjs); npm install axios
import axios from 'axios';

const { data } = await axios.get(${quote(url)}, ${javaScriptHeaders(token)});
console.log(JSON.stringify(data, null, 2));
`,

  'Python requests': (url, token) => `# pip install requests
import json
${token === undefined ? 'import os\n' : ''}
import requests

response = requests.get(
    ${doubleQuote(url)},
    headers={"Authorization": ${token === undefined ? `f"Bearer {os.environ['SCALEKIT_ACCESS_TOKEN']}"` : doubleQuote(`Bearer ${token}`)}},
    timeout=20,
)
response.raise_for_status()
print(json.dumps(response.json(), indent=2))
`,

  'Go net/http': (url, token) => `package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
${token === undefined ? '\t"os"\n' : ''})

func main() {
	request, err := http.NewRequest(http.MethodGet, ${doubleQuote(url)}, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", ${token === undefined ? '"Bearer "+os.Getenv("SCALEKIT_ACCESS_TOKEN")' : doubleQuote(`Bearer ${token}`)})
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		log.Fatalf("%s: %s", response.Status, body)
	}
	fmt.Println(string(body))
}
`,
};

function javaScriptHeaders(token: string | undefined): string {
  return `{
  headers: { Authorization: ${token === undefined ? '`Bearer ${process.env.SCALEKIT_ACCESS_TOKEN}`' : quote(`Bearer ${token}`)} },
}`;
}

/** A word for a POSIX shell. Nothing is special between single quotes, so a single quote goes outside of them. */
function quoteForShell(text: string): string {
  return `'${printable(text).replaceAll(`'`, `'\\''`)}'`;
}

/** A word for PowerShell: as in POSIX shells, but a quote is doubled. */
function quoteForPowerShell(text: string): string {
  return `'${printable(text).replaceAll(`'`, `''`)}'`;
}

/**
 * A word for the prompt of cmd.exe, which passes on the whole line, and programs split it themselves. Between quotes
 * cmd changes only `%`, which begins a variable. If there's one, everything is written without cmd's quotes, so that a
 * caret after the `%` makes a name that no variable has. Then cmd drops the caret.
 */
function quoteForCmd(text: string): string {
  // Programs read backslashes before a quote as escapes, so they're doubled.
  const word = `"${printable(text).split('"').map(withLastBackslashesDoubled).join('\\"')}"`;
  if (!/[%!]|"./.test(word.slice(1))) return word;
  return word.replace(/[^\w\s\-:=+~'/.,?;*`\\]/g, '^$&').replace(/%(?=\w)/g, '%^');
}

function withLastBackslashesDoubled(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\\') end--;
  return text + text.slice(end);
}

/** A JavaScript string. */
function quote(text: string): string {
  return `'${printable(text).replace(/['\\]/g, '\\$&')}'`;
}

/** A Python or Go string. */
function doubleQuote(text: string): string {
  return `"${printable(text).replace(/["\\]/g, '\\$&')}"`;
}

/** URLs and tokens have only visible ASCII. The quoting above isn't enough for anything else. */
function printable(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new TypeError('Not a URL or token');
  return text;
}
