import assert from 'node:assert/strict';
import { sdkMethods, sdkOptions, sdkVersion } from 'scalekit:sdk-members';
import { inSlices } from '../../../src/projectFiles/inSlices';
import { sdkLanguage, type SdkLanguage } from '../../../src/projectFiles/sdk/sdkFile';
import { sdkFindings } from '../../../src/projectFiles/sdk/sdkFindings';
import { run } from './run';

const SETUP = `import { ScalekitClient } from '@scalekit-sdk/node';\nconst scalekit = new ScalekitClient(url, id, secret);\n`;
const PYTHON = `from scalekit import ScalekitClient\nclient = ScalekitClient(url, id, secret)\n`;

/** `check: marked text` of each finding. */
function found(text: string, language: SdkLanguage = 'typescript'): string[] {
  return run(sdkFindings(language, text)).map(({ check, start, end }) => `${check}: ${text.slice(start, end)}`);
}

function fixed(text: string, language: SdkLanguage = 'typescript'): string {
  return run(sdkFindings(language, text))
    .flatMap(({ fix = [] }) => fix)
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: with_ }) => now.slice(0, start) + with_ + now.slice(end), text);
}

const BAD: readonly (readonly [code: string, findings: readonly string[], after?: string])[] = [
  ['scalekit.webhooks.verifySignature(a, b, c);', ['sdkMethods: webhooks.verifySignature']],
  [
    'await scalekit.organization.createOrganisation(n);',
    ['sdkMethods: organization.createOrganisation'],
    'await scalekit.organization.createOrganization(n);',
  ],
  ['await scalekit.user.inviteEverybody();', ['sdkMethods: user.inviteEverybody']],
  ['scalekit.getAuthorisationUrl(u);', ['sdkMethods: getAuthorisationUrl'], 'scalekit.getAuthorizationUrl(u);'],
  [
    'scalekit.getAuthorizationUrl(u, { organization_id: o, state });',
    ['sdkOptions: organization_id'],
    'scalekit.getAuthorizationUrl(u, { organizationId: o, state });',
  ],
  [
    'scalekit.getAuthorizationUrl(u, { login_hint });',
    ['sdkOptions: login_hint'],
    'scalekit.getAuthorizationUrl(u, { loginHint: login_hint });',
  ],
  ['scalekit.getLogoutUrl({ idToken: t });', ['sdkOptions: idToken']],
  [
    'scalekit.getLogoutUrl(idToken, "https://a.example");',
    ['logoutUrls: idToken, "https://a.example"'],
    'scalekit.getLogoutUrl({ idTokenHint: idToken, postLogoutRedirectUri: "https://a.example" });',
  ],
  ['scalekit.getLogoutUrl("https://a.example");', ['logoutUrls: "https://a.example"']],
  [
    'const claims = await scalekit.validateToken(t); use(claims.org_id);',
    ['organizationClaims: org_id'],
    'const claims = await scalekit.validateToken(t); use(claims.oid);',
  ],
  [
    'const { org_id } = await scalekit.validateToken(t);',
    ['organizationClaims: org_id'],
    'const { oid: org_id } = await scalekit.validateToken(t);',
  ],
  [
    "const r = await scalekit.actions.getConnectedAccount({ connectionName: c, identifier: i });\nif (r.connectedAccount?.status !== 'ACTIVE') x();",
    ["statusTexts: 'ACTIVE'"],
  ],
  [
    "const { connectedAccount } = await scalekit.actions.getOrCreateConnectedAccount(p);\nif ('PENDING' === connectedAccount.status) x();",
    ["statusTexts: 'PENDING'"],
  ],
  [
    'async function f(q) { const body = await q.json(); scalekit.verifyWebhookPayload(s, h, body); }',
    ['parsedBodies: body'],
  ],
  [
    'app.post("/w", (req, res) => { scalekit.verifyWebhookPayload(s, req.headers, JSON.stringify(req.body)); });',
    ['parsedBodies: JSON.stringify(req.body)'],
  ],
  [
    'app.use(express.json());\napp.post("/w", (req, res) => { scalekit.verifyWebhookPayload(s, h, req.body); });',
    ['parsedBodies: req.body'],
  ],
  [
    'export async function POST(r: NextRequest) { scalekit.verifyWebhookPayload(s, r.headers, await r.text()); }',
    ['webhookHeaders: r.headers'],
    'export async function POST(r: NextRequest) { scalekit.verifyWebhookPayload(s, Object.fromEntries(r.headers), await r.text()); }',
  ],
  [
    'app.get("/x", (req, res) => { const c = new ScalekitClient(url, id, secret); });',
    ['clientsPerRequest: new ScalekitClient(url, id, secret)'],
  ],
  [
    'export async function GET() { const c = new ScalekitClient(url, id, secret); }',
    ['clientsPerRequest: new ScalekitClient(url, id, secret)'],
  ],
  [
    'class A { private c = new ScalekitClient(u, i, s); f() { this.c.nothingLikeThat(); } }',
    ['sdkMethods: nothingLikeThat'],
  ],
];

const GOOD: readonly string[] = [
  'await scalekit.organization.createOrganization(n, { externalId: x });',
  'scalekit.getAuthorizationUrl(u, { ...options, state, [key]: 1, "prompt": "login" });',
  'scalekit.getLogoutUrl({ idTokenHint: t, postLogoutRedirectUri: p });',
  'scalekit.getLogoutUrl();\nscalekit.getLogoutUrl(options);\nscalekit.getLogoutUrl(...all);',
  'other.webhooks.verifySignature(a);',
  'function f(scalekit) { scalekit.anything(); }',
  'const f = ({ scalekit }) => scalekit.anything();',
  'scalekit.toString(); scalekit.coreClient.connect();',
  'const method = scalekit[name](); scalekit.actions[name]();',
  'const claims = await scalekit.validateToken(t); use(claims.oid, claims["xoid"]);',
  'const claims = decode(t); use(claims.org_id);',
  'const row = { org_id: 1 }; use(row.org_id);',
  "const r = await scalekit.connection.getConnection(o, c);\nif (r.connection?.status === 'COMPLETED') x();",
  "const user = await load(); if (user.status === 'ACTIVE') x();",
  'const r = await scalekit.actions.getConnectedAccount(p);\nif (r.connectedAccount?.status === ConnectorStatus.ACTIVE) x();',
  "const r = await scalekit.actions.getConnectedAccount(p);\nif (ConnectorStatus[r.connectedAccount.status] === 'ACTIVE') x();",
  'app.post("/w", express.raw({ type: "*/*" }), (req, res) => { scalekit.verifyWebhookPayload(s, req.headers, req.body); });',
  'app.use(express.json({ verify: keep }));\napp.post("/w", (req, res) => { scalekit.verifyWebhookPayload(s, req.headers, req.rawBody); });',
  'async function f(q) { const body = await q.text(); scalekit.verifyWebhookPayload(s, h, body); const event = JSON.parse(body); }',
  'async function f(q) { let body = await q.json(); body = q.raw; scalekit.verifyWebhookPayload(s, h, body); }',
  'export async function POST(r: NextRequest) { scalekit.verifyWebhookPayload(s, Object.fromEntries(r.headers), await r.text()); }',
  'app.post("/w", (req, res) => { scalekit.verifyWebhookPayload(s, req.headers, raw); });',
  'app.get("/:t", (req, res) => { const c = new ScalekitClient(urlOf(req.params.t), id, secret); });',
  'function getClient() { const c = new ScalekitClient(url, id, secret); return c; }',
  'app.get("/x", (req, res) => { cached ??= new ScalekitClient(url, id, secret); });',
  'let scalekit2 = null; scalekit2 = make(); scalekit2.nothingLikeThat();',
  'scalekit.webhooks.verifySignature(a, b, ;',
  'scalekit.organization.',
];

describe('a file with the SDK', () => {
  for (const [code, findings, after] of BAD)
    it(`has a finding in ${code}`, () => {
      assert.deepEqual(found(SETUP + code), findings);
      if (after !== undefined) assert.equal(fixed(SETUP + code), SETUP + after);
    });

  for (const code of GOOD) it(`has no finding in ${code}`, () => assert.deepEqual(found(SETUP + code), []));

  it('is understood however the client is imported and declared', () => {
    for (const setup of [
      `import Scalekit from '@scalekit-sdk/node';\nconst c = new Scalekit(a, b, d);`,
      `import { Scalekit as S } from '@scalekit-sdk/node';\nlet c: S | null = null;\nc = new S(a, b, d);`,
      `const { Scalekit } = require('@scalekit-sdk/node');\nconst c = new Scalekit(a, b, d);`,
      `const Scalekit = require('@scalekit-sdk/node').default;\nvar c = new Scalekit(a, b, d);`,
      `import type { ScalekitClient } from '@scalekit-sdk/node';\ndeclare const c: ScalekitClient;`,
    ])
      assert.deepEqual(found(`${setup}\nc.nothingLikeThat();`), ['sdkMethods: nothingLikeThat'], setup);
  });

  it('is chosen by its language, its import and its lines', () => {
    assert.equal(sdkLanguage('typescript', SETUP), 'typescript');
    assert.equal(sdkLanguage('javascriptreact', SETUP), 'javascript');
    assert.equal(sdkLanguage('python', PYTHON), 'python');
    assert.equal(sdkLanguage('python', '# scalekit'), undefined);
    assert.equal(sdkLanguage('typescript', 'const scalekit = 1;'), undefined);
    assert.equal(sdkLanguage('markdown', SETUP), undefined);
    assert.equal(sdkLanguage('constructor', SETUP), undefined);
    assert.equal(sdkLanguage('javascript', `${SETUP}${'a();'.repeat(2_000)}`), undefined, 'a bundle');
  });

  it('is compared with the SDK’s own declarations', () => {
    assert.match(sdkVersion, /^\d+\.\d+\.\d+$/);
    assert.ok(sdkMethods['']?.includes('verifyWebhookPayload'));
    assert.ok(!sdkMethods['']?.includes('computeSignature'), 'private');
    assert.ok(sdkMethods['actions']?.includes('executeTool'));
    assert.deepEqual(sdkOptions['getLogoutUrl'], [[0, ['idTokenHint', 'postLogoutRedirectUri', 'state']]]);
  });

  const BAD_PYTHON: readonly (readonly [string, readonly string[]])[] = [
    ['client.get_logout_url(token, "https://a.example")', ['logoutUrls: token, "https://a.example"']],
    ['client.get_logout_url(id_token_hint=token)', ['logoutUrls: id_token_hint=token']],
    ['claims = client.validate_token(t)\nprint(claims["org_id"])', ['organizationClaims: "org_id"']],
    [
      "claims = client.validate_access_token_and_get_claims(t)\nprint(claims.get('org_id'))",
      ["organizationClaims: 'org_id'"],
    ],
    [
      '@app.post("/w")\nasync def w(request):\n    body = await request.json()\n    client.verify_webhook_payload(s, h, json.dumps(body))',
      ['parsedBodies: json.dumps(body)'],
    ],
    [
      '@app.route("/w")\ndef w():\n    client.verify_webhook_payload(secret=s, headers=h, payload=request.get_json())',
      ['parsedBodies: request.get_json()'],
    ],
    [
      '@app.get("/x")\ndef x():\n    c = ScalekitClient(url, id, secret)',
      ['clientsPerRequest: ScalekitClient(url, id, secret)'],
    ],
  ];
  for (const [code, findings] of BAD_PYTHON)
    it(`has a finding in the Python ${JSON.stringify(code)}`, () =>
      assert.deepEqual(found(PYTHON + code, 'python'), findings));

  for (const code of [
    'client.get_logout_url(LogoutUrlOptions(id_token_hint=t))',
    'client.get_logout_url(options=o)',
    'client.anything_else()',
    'claims = client.validate_token(t)\nprint(claims["oid"], claims.get("xoid"))',
    'claims = decode(t)\nprint(claims["org_id"])',
    '@app.post("/w")\nasync def w(request):\n    body = await request.body()\n    client.verify_webhook_payload(s, h, body)',
    'client.verify_webhook_payload(secret=s, headers=h, payload=request.get_data())',
    '@app.get("/x")\ndef x(tenant):\n    c = ScalekitClient(url_of(tenant), id, secret)',
    'def make():\n    c = ScalekitClient(url, id, secret)\n    return c',
    'def f(client):\n    client.get_logout_url(a, b)',
    'client.get_logout_url(a, b',
  ])
    it(`has no finding in the Python ${JSON.stringify(code)}`, () =>
      assert.deepEqual(found(PYTHON + code, 'python'), []));
});

describe('the check of a file with 5,000 lines', () => {
  const text =
    SETUP +
    'async function f(a) { const b = await g(a); return b.c; }\n'.repeat(5_000) +
    'scalekit.nothingLikeThat();\n';

  it('pauses again and again, and finds the same', async () => {
    let [time, pauses] = [0, 0];
    // Each look at the clock takes a millisecond, so that a slice has four steps on every machine.
    const findings = await inSlices(sdkFindings('typescript', text), {
      now: () => time++,
      pause: async () => void pauses++,
      isOutdated: () => false,
    });
    assert.deepEqual(
      findings?.map(({ check }) => check),
      ['sdkMethods'],
    );
    assert.ok(pauses > 1_000, String(pauses));
  });

  it('stops soon after the text has changed', async () => {
    let [time, pauses] = [0, 0];
    const findings = await inSlices(sdkFindings('typescript', text), {
      now: () => time++,
      pause: async () => void pauses++,
      isOutdated: () => pauses >= 3,
    });
    assert.equal(findings, undefined);
    assert.equal(pauses, 3);
  });
});
