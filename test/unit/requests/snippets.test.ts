import assert from 'node:assert/strict';
import fc from 'fast-check';
import { requestTarget, type ApiRequest } from '../../../src/requests/apiRequest';
import { snippet, SNIPPET_FORMATS } from '../../../src/requests/snippets';

const get = (id: string): ApiRequest => ({ summary: '', template: '/api/v1/organizations/{id}', pathValues: { id }, query: [] });
const search = (query: string): ApiRequest => ({ summary: '', template: '/api/v1/organizations:search', pathValues: {}, query: [['query', query]] });

describe('the target of a request', () => {
  it('keeps the colon of a custom verb and encodes all of a page token', () => {
    const request: ApiRequest = { ...search('acme'), query: [['query', 'acme'], ['page_token', '>:YWI/Yw+=='], ['page_size', '30']] };
    assert.equal(requestTarget(request), '/api/v1/organizations:search?query=acme&page_token=%3E%3AYWI%2FYw%2B%3D%3D&page_size=30');
  });

  it('repeats the name of a query parameter that has several values', () => {
    const request: ApiRequest = { ...search(''), query: [['filter.status', 'active'], ['filter.status', 'revoked']] };
    assert.equal(requestTarget(request), '/api/v1/organizations:search?filter.status=active&filter.status=revoked');
  });

  it('puts several values into a path, each encoded', () => {
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

  it('is made of characters that mean nothing to a shell or a language, and still says what was meant', () => {
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

  it('replaces halves of surrogate pairs, which no URL can carry', () => {
    assert.equal(requestTarget(search('a\ud800b')), '/api/v1/organizations:search?query=a%EF%BF%BDb');
  });
});

describe('a snippet', () => {
  const url = 'https://acme.scalekit.dev/api/v1/organizations:search?query=%27%24x';
  const token = `eyJ'"\\$x\`y`;

  it('reads the token from SCALEKIT_ACCESS_TOKEN unless it is given one', () => {
    for (const format of SNIPPET_FORMATS) {
      assert.match(snippet(format, url), /SCALEKIT_ACCESS_TOKEN/, format);
      assert.doesNotMatch(snippet(format, url, token), /SCALEKIT_ACCESS_TOKEN/, format);
    }
  });

  it('holds the address as it is, and ends with a line break', () => {
    for (const format of SNIPPET_FORMATS) {
      assert.ok(snippet(format, url).includes(url), format);
      assert.ok(snippet(format, url).endsWith('\n'), format);
    }
  });

  it('quotes a token with quotes, dollars, backticks and backslashes in it', () => {
    assert.ok(snippet('cURL', url, token).includes(`--header 'Authorization: Bearer eyJ'\\''"\\$x\`y'`));
    assert.ok(snippet('Node.js fetch', url, token).includes(`Authorization: 'Bearer eyJ\\'"\\\\$x\`y' }`));
    assert.ok(snippet('axios', url, token).includes(`Authorization: 'Bearer eyJ\\'"\\\\$x\`y' }`));
    assert.ok(snippet('Python requests', url, token).includes(`"Authorization": "Bearer eyJ'\\"\\\\$x\`y"}`));
    assert.ok(snippet('Go net/http', url, token).includes(`"Authorization", "Bearer eyJ'\\"\\\\$x\`y")`));
  });

  it('refuses what is no URL or token, since its quoting is for these', () => {
    for (const format of SNIPPET_FORMATS) assert.throws(() => snippet(format, url, 'a\nb'), TypeError, format);
    for (const format of SNIPPET_FORMATS) assert.throws(() => snippet(format, 'https://acmé.example'), TypeError, format);
  });

  it('is this for cURL', () => {
    assert.equal(
      snippet('cURL', 'https://acme.scalekit.dev/api/v1/organizations?page_size=100'),
      [
        `curl 'https://acme.scalekit.dev/api/v1/organizations?page_size=100' \\`,
        `  --header "Authorization: Bearer $SCALEKIT_ACCESS_TOKEN"`,
        '',
      ].join('\n'),
    );
  });
});
