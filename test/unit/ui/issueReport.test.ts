import assert from 'node:assert/strict';
import { issueReport } from '../../../src/ui/issueReport';
import { Redactor } from '../../../src/ui/redactor';

describe('an issue report', () => {
  const redactor = new Redactor();
  redactor.add('hunter2-very-secret');
  const facts = {
    versions: [['Scalekit Workbench', '1.2.3'] as const],
    environments: [
      ['acme-dev', 'Acme', 'acme.scalekit.dev'],
      ['acme-dev-2', 'Acme two', 'auth.acme.com:8443'],
    ],
  };
  const logged = (...logLines: string[]): string => issueReport({ ...facts, logLines }, redactor);

  it('contains the versions and the log lines in order', () => {
    const report = logged('first', 'second');
    assert.match(report, /^- Scalekit Workbench: 1\.2\.3$/m);
    assert.match(report, /````text\nfirst\nsecond\n````/);
    assert.match(logged(), /````text\n\(none\)\n````/);
  });

  it('contains no secret, not even one that was unknown when the line was logged', () => {
    assert.match(
      logged('GET failed hunter2-very-secret eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.x'),
      /GET failed \[redacted\] \[redacted\]/,
    );
  });

  it('names no environments or hosts', () => {
    const report = logged(
      'GET https://acme.scalekit.dev/api/v1/organizations/org_1 200 12 ms trace abc',
      'GET https://auth.acme.com:8443/api/v1 404',
      'scalekit.token.copy: acme-dev-2: credentials token 401',
      'GET https://other.example.com/x and http://127.0.0.1:4000/keys',
    );
    assert.doesNotMatch(report, /acme|other\.example|127\.0/i);
    assert.match(report, /GET https:\/\/environment-1\/api\/v1\/organizations\/org_1 200 12 ms trace abc/);
    assert.match(report, /GET https:\/\/environment-2\/api\/v1 404/);
    assert.match(report, /copy: environment-2: credentials/);
    assert.match(report, /GET https:\/\/host\/x and http:\/\/host\/keys/);
  });

  it('keeps a log line inside its code block', () => {
    assert.equal(logged('````', '# not a heading').match(/^````/gm)?.length, 2);
  });
});
