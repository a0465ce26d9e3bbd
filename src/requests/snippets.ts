/** Languages and tools that a request can be copied for, by the names that they have. */
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

/** In place of a token: what runs asks `scalekit-token`, which a terminal with Scalekit has. For {@link isShellFormat} alone. */
export const TERMINAL_TOKEN = Symbol('scalekit-token');

/** Whether a format is a shell's command, which can ask another program for its token. */
export function isShellFormat(format: SnippetFormat): boolean {
  return format in COMMANDS;
}

/** The form of cURL for a shell, by the shell's path or name. */
export function formatForShell(shell: string, platform: NodeJS.Platform = process.platform): SnippetFormat {
  const name = (shell.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  if (name === 'cmd') return 'cURL (Windows cmd)';
  // Elsewhere PowerShell takes what other shells take: there is no curl.exe.
  return platform === 'win32' && /^(?:powershell|pwsh)/.test(name) ? 'cURL (PowerShell)' : 'cURL';
}

/**
 * A program, or a shell command, that makes a GET, prints the answer and fails where Scalekit refuses. Without a token it reads
 * SCALEKIT_ACCESS_TOKEN from its own environment.
 *
 * @param url the whole address, percent-encoded as `requestTarget` gives it
 * @param token an access token to write into it
 */
export function snippet(format: SnippetFormat, url: string, token?: string | typeof TERMINAL_TOKEN): string {
  const command = COMMANDS[format as keyof typeof COMMANDS];
  if (command !== undefined) return command(url, token);
  if (token === TERMINAL_TOKEN) throw new TypeError(`${format} is not run by a shell`);
  return PROGRAMS[format as keyof typeof PROGRAMS](url, token);
}

type Command = (url: string, token: string | typeof TERMINAL_TOKEN | undefined) => string;

// What curl does with an error's status it calls success, unless it is told otherwise. `--fail` alone, which curl knew before 7.76
// (2021), would not show what Scalekit says about it.
const COMMANDS = {
  cURL: (url, token) => `curl --fail-with-body ${quoteForShell(url)} \\
  --header ${typeof token === 'string' ? quoteForShell(`Authorization: Bearer ${token}`) : `"Authorization: Bearer ${token === TERMINAL_TOKEN ? '$(scalekit-token)' : '$SCALEKIT_ACCESS_TOKEN'}"`}
`,

  // Windows PowerShell has another program under the name "curl".
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

// The programs are written as they will be read, from the first column on.
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

/** A word of a POSIX shell: nothing is special between single quotes, which are written outside of them. */
function quoteForShell(text: string): string {
  return `'${printable(text).replaceAll(`'`, `'\\''`)}'`;
}

/** A word of PowerShell: as in POSIX shells, but a quote is written twice. */
function quoteForPowerShell(text: string): string {
  return `'${printable(text).replaceAll(`'`, `''`)}'`;
}

/**
 * A word at the prompt of cmd.exe, which hands a whole line on: programs take it apart themselves. Between quotes cmd leaves all as it is
 * but for `%`, which begins a variable. Where one stands, everything is written without cmd's quotes, so that a caret after the `%` makes
 * a name that no variable has; cmd then drops the caret.
 */
function quoteForCmd(text: string): string {
  // Programs read backslashes before a quote as an escape, so those are doubled.
  const word = `"${printable(text).split('"').map(withLastBackslashesDoubled).join('\\"')}"`;
  if (!/[%!]|"./.test(word.slice(1))) return word;
  return word.replace(/[^\w\s\-:=+~'/.,?;*`\\]/g, '^$&').replace(/%(?=\w)/g, '%^');
}

function withLastBackslashesDoubled(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\\') end--;
  return text + text.slice(end);
}

/** A string of JavaScript. */
function quote(text: string): string {
  return `'${printable(text).replace(/['\\]/g, '\\$&')}'`;
}

/** A string of Python or Go. */
function doubleQuote(text: string): string {
  return `"${printable(text).replace(/["\\]/g, '\\$&')}"`;
}

/** URLs and tokens hold nothing but visible ASCII; with anything else the quoting above would not be enough. */
function printable(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new TypeError('Not a URL or token');
  return text;
}
