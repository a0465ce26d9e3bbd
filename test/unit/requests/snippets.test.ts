import assert from 'node:assert/strict';
import fc from 'fast-check';
import { requestTarget, type ApiRequest } from '../../../src/requests/apiRequest';
import {
  formatForShell,
  isShellFormat,
  snippet,
  SNIPPET_FORMATS,
  TERMINAL_TOKEN,
} from '../../../src/requests/snippets';
import { cmdArguments, powerShellArguments } from '../../support/windowsShells';

const get = (id: string): ApiRequest => ({
  summary: '',
  template: '/api/v1/organizations/{id}',
  pathValues: { id },
  query: [],
});
const search = (query: string): ApiRequest => ({
  summary: '',
  template: '/api/v1/organizations:search',
  pathValues: {},
  query: [['query', query]],
});

describe('a request target', () => {
  it('keeps the colon of a custom verb and encodes the whole page token', () => {
    const request: ApiRequest = {
      ...search('acme'),
      query: [
        ['query', 'acme'],
        ['page_token', '>:YWI/Yw+=='],
        ['page_size', '30'],
      ],
    };
    assert.equal(
      requestTarget(request),
      '/api/v1/organizations:search?query=acme&page_token=%3E%3AYWI%2FYw%2B%3D%3D&page_size=30',
    );
  });

  it('repeats the name of a query parameter that has several values', () => {
    const request: ApiRequest = {
      ...search(''),
      query: [
        ['filter.status', 'active'],
        ['filter.status', 'revoked'],
      ],
    };
    assert.equal(requestTarget(request), '/api/v1/organizations:search?filter.status=active&filter.status=revoked');
  });

  it('encodes each of several values in a path', () => {
    const request: ApiRequest = {
      summary: '',
      template: '/api/v1/organizations/{organization_id}/connections/{id}',
      pathValues: { organization_id: 'org_1/..', id: 'co?nn#%' },
      query: [],
    };
    assert.equal(requestTarget(request), '/api/v1/organizations/org_1%2F../connections/co%3Fnn%23%25');
  });

  for (const id of ['', '.', '..']) {
    it(`refuses ${JSON.stringify(id)} in a path, which a URL would resolve away`, () => {
      assert.throws(() => requestTarget(get(id)), { kind: 'invalid' });
    });
  }

  it('has no characters that are special in a shell or language, and decodes to the same values', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (id, query) => {
        fc.pre(id !== '.' && id !== '..');
        const target = requestTarget({ ...get(id), query: [['query', query]] });
        assert.match(target, /^[A-Za-z0-9\-_.~%/:?&=]+$/);
        const url = new URL(target, 'https://acme.scalekit.dev');
        assert.equal(decodeURIComponent(url.pathname.slice('/api/v1/organizations/'.length)), id);
        assert.equal(url.searchParams.get('query'), query);
      }),
    );
  });

  it('replaces lone surrogates, which a URL can’t contain', () => {
    assert.equal(requestTarget(search('a\ud800b')), '/api/v1/organizations:search?query=a%EF%BF%BDb');
  });
});

describe('a snippet', () => {
  const url = 'https://acme.scalekit.dev/api/v1/organizations:search?query=%27%24x';
  const token = `eyJ'"\\$x\`y`;

  it('reads the token from SCALEKIT_ACCESS_TOKEN unless it contains one', () => {
    for (const format of SNIPPET_FORMATS) {
      assert.match(snippet(format, url), /SCALEKIT_ACCESS_TOKEN/, format);
      assert.doesNotMatch(snippet(format, url, token), /SCALEKIT_ACCESS_TOKEN/, format);
    }
  });

  it('contains the URL unchanged, and ends with a line break', () => {
    for (const format of SNIPPET_FORMATS) {
      // At the cmd prompt, a percent sign starts a variable.
      const inCmd = 'https://acme.scalekit.dev/api/v1/organizations:search?query=^%^27^%^24x';
      assert.ok(
        snippet(format, url).includes(format === 'cURL (Windows cmd)' ? inCmd : url),
        `${format} ${snippet(format, url)}`,
      );
      assert.ok(snippet(format, url).endsWith('\n'), format);
    }
  });

  it('quotes a token that contains quotes, dollar signs, backticks and backslashes', () => {
    assert.ok(snippet('cURL', url, token).includes(`--header 'Authorization: Bearer eyJ'\\''"\\$x\`y'`));
    assert.ok(snippet('Node.js fetch', url, token).includes(`Authorization: 'Bearer eyJ\\'"\\\\$x\`y' }`));
    assert.ok(snippet('axios', url, token).includes(`Authorization: 'Bearer eyJ\\'"\\\\$x\`y' }`));
    assert.ok(snippet('Python requests', url, token).includes(`"Authorization": "Bearer eyJ'\\"\\\\$x\`y"}`));
    assert.ok(snippet('Go net/http', url, token).includes(`"Authorization", "Bearer eyJ'\\"\\\\$x\`y")`));
  });

  it('refuses anything but a URL and a token, because its quoting is only for these', () => {
    for (const format of SNIPPET_FORMATS) assert.throws(() => snippet(format, url, 'a\nb'), TypeError, format);
    for (const format of SNIPPET_FORMATS)
      assert.throws(() => snippet(format, 'https://acmé.example'), TypeError, format);
  });

  it('has this form for cURL', () => {
    assert.equal(
      snippet('cURL', 'https://acme.scalekit.dev/api/v1/organizations?page_size=100'),
      [
        `curl --fail-with-body 'https://acme.scalekit.dev/api/v1/organizations?page_size=100' \\`,
        `  --header "Authorization: Bearer $SCALEKIT_ACCESS_TOKEN"`,
        '',
      ].join('\n'),
    );
  });

  it('uses scalekit-token only where a shell runs it', () => {
    for (const format of SNIPPET_FORMATS) {
      if (isShellFormat(format)) assert.match(snippet(format, url, TERMINAL_TOKEN), /scalekit-token/, format);
      else assert.throws(() => snippet(format, url, TERMINAL_TOKEN), TypeError, format);
    }
    assert.deepEqual(SNIPPET_FORMATS.filter(isShellFormat), ['cURL', 'cURL (PowerShell)', 'cURL (Windows cmd)']);
  });

  it('matches the shell that it’s pasted into', () => {
    for (const [shell, platform, format] of [
      ['/bin/zsh', 'darwin', 'cURL'],
      ['/usr/bin/fish', 'linux', 'cURL'],
      ['', 'linux', 'cURL'],
      ['/usr/bin/pwsh', 'linux', 'cURL'],
      ['C:\\Windows\\System32\\cmd.exe', 'win32', 'cURL (Windows cmd)'],
      ['cmd', 'win32', 'cURL (Windows cmd)'],
      ['C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', 'win32', 'cURL (PowerShell)'],
      ['pwsh', 'win32', 'cURL (PowerShell)'],
      ['C:\\Program Files\\Git\\bin\\bash.exe', 'win32', 'cURL'],
    ] as const) {
      assert.equal(formatForShell(shell, platform), format, shell);
    }
  });

  it('is one line for Windows, in which a URL can’t contain a command', () => {
    const plain = 'https://acme.scalekit.dev/api/v1/organizations?page_size=100&page_token=x';
    assert.equal(
      snippet('cURL (Windows cmd)', plain),
      `curl --fail-with-body "${plain}" --header "Authorization: Bearer %SCALEKIT_ACCESS_TOKEN%"\n`,
    );
    assert.equal(
      snippet('cURL (PowerShell)', plain),
      `curl.exe --fail-with-body '${plain}' --header "Authorization: Bearer $env:SCALEKIT_ACCESS_TOKEN"\n`,
    );
    assert.equal(
      snippet('cURL (Windows cmd)', plain, TERMINAL_TOKEN),
      `for /f "delims=" %t in ('scalekit-token') do @curl --fail-with-body "${plain}" --header "Authorization: Bearer %t"\n`,
    );
  });

  it('passes any URL and token to curl unchanged, in PowerShell and in cmd', () => {
    const nothing = (): never => assert.fail('a command was asked for');
    // cmd expands the text between two percent signs if a variable has that name.
    const environment = { '3A': 'WRONG', '20': 'WRONG', '20ID': 'WRONG', '26CALC': 'WRONG', T: 'WRONG' };
    const fixed = ['%3A%3A', '%20%20', '%20id%20', '%26calc%26', '?a=b&calc', '?a=%3E%3A&b=%27', '?x=%5E%22', '?t=%t'];
    const check = (rest: string, secret: string): void => {
      const whole = `https://acme.scalekit.dev/api/v1/organizations${rest}`;
      const expected = ['--fail-with-body', whole, '--header', `Authorization: Bearer ${secret}`];
      assert.deepEqual(
        cmdArguments(snippet('cURL (Windows cmd)', whole, secret), environment, nothing).slice(1),
        expected,
      );
      assert.deepEqual(
        powerShellArguments(snippet('cURL (PowerShell)', whole, secret), environment, nothing).slice(1),
        expected,
      );
    };
    for (const rest of fixed) check(rest, 'eyJ.a-b_c.d');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom(...'abcZ09-._~+/=&|<>^%!"\\\'` $()') }),
        (query, secret) => check(requestTarget(search(query)).slice('/api/v1/organizations'.length), secret),
      ),
    );
  });
});
