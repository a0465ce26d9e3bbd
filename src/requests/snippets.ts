/** Languages and tools that a request can be copied for, by the names that they have. */
export const SNIPPET_FORMATS = ['cURL', 'Node.js fetch', 'axios', 'Python requests', 'Go net/http'] as const;

export type SnippetFormat = (typeof SNIPPET_FORMATS)[number];

/**
 * A program, or a shell command, that makes a GET and prints the answer. Without a token it reads SCALEKIT_ACCESS_TOKEN from its own
 * environment.
 *
 * @param url the whole address, percent-encoded as `requestTarget` gives it
 * @param token an access token to write into it
 */
export function snippet(format: SnippetFormat, url: string, token?: string): string {
  return TEMPLATES[format](url, token);
}

// The programs are written as they will be read, from the first column on.
const TEMPLATES: Readonly<Record<SnippetFormat, (url: string, token: string | undefined) => string>> = {
  cURL: (url, token) => `curl ${quoteForShell(url)} \\
  --header ${token === undefined ? '"Authorization: Bearer $SCALEKIT_ACCESS_TOKEN"' : quoteForShell(`Authorization: Bearer ${token}`)}
`,

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
