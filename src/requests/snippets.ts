/** Languages and tools that a request can be copied for. */
export const SNIPPET_FORMATS = ['curl', 'fetch', 'axios', 'python', 'go'] as const;

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

const TEMPLATES: Readonly<Record<SnippetFormat, (url: string, token: string | undefined) => string>> = {
  curl: (url, token) => {
    const authorization = token === undefined ? '"Authorization: Bearer $SCALEKIT_ACCESS_TOKEN"' : quoteForShell(`Authorization: Bearer ${token}`);
    return [`curl ${quoteForShell(url)} \\`, `  --header ${authorization} \\`, `  --header 'Accept: application/json'`, ''].join('\n');
  },

  fetch: (url, token) =>
    [
      `// Node.js 18 or later, as an ES module (.mjs)`,
      `const response = await fetch(${quote(url)}, {`,
      `  headers: {`,
      `    Authorization: ${javaScriptAuthorization(token)},`,
      `    Accept: 'application/json',`,
      `  },`,
      `});`,
      'if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);',
      `console.log(JSON.stringify(await response.json(), null, 2));`,
      '',
    ].join('\n'),

  axios: (url, token) =>
    [
      `// Node.js, as an ES module (.mjs); npm install axios`,
      `import axios from 'axios';`,
      ``,
      `const { data } = await axios.get(${quote(url)}, {`,
      `  headers: {`,
      `    Authorization: ${javaScriptAuthorization(token)},`,
      `    Accept: 'application/json',`,
      `  },`,
      `});`,
      `console.log(JSON.stringify(data, null, 2));`,
      '',
    ].join('\n'),

  python: (url, token) =>
    [
      `# pip install requests`,
      `import json`,
      ...(token === undefined ? [`import os`] : []),
      ``,
      `import requests`,
      ``,
      `response = requests.get(`,
      `    ${doubleQuote(url)},`,
      `    headers={`,
      `        "Authorization": ${token === undefined ? `f"Bearer {os.environ['SCALEKIT_ACCESS_TOKEN']}"` : doubleQuote(`Bearer ${token}`)},`,
      `        "Accept": "application/json",`,
      `    },`,
      `    timeout=20,`,
      `)`,
      `response.raise_for_status()`,
      `print(json.dumps(response.json(), indent=2))`,
      '',
    ].join('\n'),

  go: (url, token) =>
    [
      `package main`,
      ``,
      `import (`,
      `\t"fmt"`,
      `\t"io"`,
      `\t"log"`,
      `\t"net/http"`,
      ...(token === undefined ? [`\t"os"`] : []),
      `)`,
      ``,
      `func main() {`,
      `\trequest, err := http.NewRequest(http.MethodGet, ${doubleQuote(url)}, nil)`,
      `\tif err != nil {`,
      `\t\tlog.Fatal(err)`,
      `\t}`,
      `\trequest.Header.Set("Authorization", ${token === undefined ? '"Bearer "+os.Getenv("SCALEKIT_ACCESS_TOKEN")' : doubleQuote(`Bearer ${token}`)})`,
      `\trequest.Header.Set("Accept", "application/json")`,
      ``,
      `\tresponse, err := http.DefaultClient.Do(request)`,
      `\tif err != nil {`,
      `\t\tlog.Fatal(err)`,
      `\t}`,
      `\tdefer response.Body.Close()`,
      `\tbody, err := io.ReadAll(response.Body)`,
      `\tif err != nil {`,
      `\t\tlog.Fatal(err)`,
      `\t}`,
      `\tif response.StatusCode != http.StatusOK {`,
      `\t\tlog.Fatalf("%s: %s", response.Status, body)`,
      `\t}`,
      `\tfmt.Println(string(body))`,
      `}`,
      '',
    ].join('\n'),
};

function javaScriptAuthorization(token: string | undefined): string {
  return token === undefined ? '`Bearer ${process.env.SCALEKIT_ACCESS_TOKEN}`' : quote(`Bearer ${token}`);
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
