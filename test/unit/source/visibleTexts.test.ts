import assert from 'node:assert/strict';
import { readSourceTexts, type SourceText } from '../../support/sourceTexts';

/** Texts that look like sentences of ours but aren't. */
const NOT_OURS: readonly { readonly file: RegExp; readonly text: RegExp; readonly why: string }[] = [
  {
    file: /^src\/requests\/(describeEndpoints|requestActions)\.ts/,
    text: /^(List|Get|Search) |^Authentication Logs$|^Tool Calling$/,
    why: 'Scalekit’s own words for its endpoints',
  },
  { file: /^src\/(requests\/snippets|terminal\/exampleLine)\.ts/, text: /./s, why: 'code' },
  { file: /^src\/signIn\/copyUrl\/authorizationCall\.ts/, text: /./s, why: 'code' },
  {
    file: /^src\/signIn\/copyUrl\/copyAuthorizationUrl\.ts/,
    text: /^http:\/\/localhost:3000\/auth\/callback$/,
    why: 'an example of a value',
  },
  { file: /^src\/signIn\/summary\/dayChart\.ts/, text: /^<|^[^<]*\/>/, why: 'a picture' },
  {
    file: /^src\/signIn\/chooseSignIn\.ts/,
    text: /^(organization_id|connection_id|domain|provider|org_…|conn_…|skc_…|example\.com|[a-z_]+)$/,
    why: 'names of parameters, and examples of values',
  },
  { file: /^src\/signIn\/receiverPage\.ts/, text: /^<!doctype html>/, why: 'HTML' },
  { file: /^src\/signIn\/signIns\.ts/, text: /^circle-slash$/, why: 'an icon' },
  { file: /^src\/signIn\/readingCode\.ts/, text: /./s, why: 'code' },
  { file: /^src\/webhooks\/copyHandler\/copyHandler\.ts/, text: /^(Python|Node\.js)$/, why: 'names of products' },
  {
    file: /^src\/webhooks\/(explain\/explainWebhook|webhookSecrets|send\/webhookTarget)\.ts/,
    text: /whsec_…|msg_…|^http:\/\/localhost:3000/,
    why: 'examples of values',
  },
  { file: /^src\/webhooks\/listen\/verdictWords\.ts/, text: /^(Message|Missing|Invalid) /, why: 'the SDK’s own words' },
  {
    file: /^src\/webhooks\/(listen\/webhookListener|send\/webhookSender)\.ts/,
    text: /^(circle-slash|broadcast|info|warning|check)$/,
    why: 'icons',
  },
  { file: /^src\/webhooks\/copyHandler\/handlers\.ts/, text: /./s, why: 'code' },
  { file: /^src\/webhooks\/explain\/sdkResponses\.ts/, text: /./s, why: 'the SDKs’ own words' },
  { file: /^src\/signIn\/loopbackReceiver\.ts/, text: /^text\/html; charset=utf-8$/, why: 'HTTP' },
  { file: /^src\/environments\/environmentsView\.ts/, text: /^scalekit\.environments$/, why: 'the ID of the view' },
  { file: /^src\/requests\/requestPrompts\.ts/, text: /^GET $/, why: 'HTTP' },
  { file: /^src\/tokens\/tokenActions\.ts/, text: /^Authorization: Bearer $|^openid profile email$/, why: 'OAuth' },
  {
    file: /^src\/mcp\/mcpChecks\.ts/,
    text: /^(http:\/\/localhost:3002\/mcp|eyJ…)$/,
    why: 'examples of values',
  },
  { file: /^src\/mcp\/serverCheck\.ts/, text: /^application\/json, text\/event-stream$/, why: 'HTTP' },
  { file: /^src\/tokens\/inspect\/tokenInspector\.ts/, text: /^eyJ…$/, why: 'how a JWT begins' },
  {
    file: /^src\/environments\/enterCredentials\.ts/,
    text: /^(https:\/\/acme\.scalekit\.dev|skc_…|key)$/,
    why: 'examples of values, and an icon',
  },
  { file: /^src\/tree\/labels\.ts/, text: /^(Microsoft Entra ID|Ping Identity|AD FS)$/, why: 'names of products' },
  {
    file: /^src\/(resources|tree)\//,
    text: /^[a-z][A-Za-z]+ [a-z][A-Za-z]+$/,
    why: 'kinds of rows, for `when` clauses',
  },
  { file: /^src\/changes\/writer\.ts/, text: /^sync~spin$/, why: 'an icon' },
  { file: /^src\/resources\/configuration\/(namesAsCode|copyAllNames)\.ts/, text: /^export |as const;/, why: 'code' },
  { file: /^src\/resources\/configuration\/namesAsCode\.ts/, text: /^\)\[keyof typeof $/, why: 'code' },
  {
    file: /^src\/resources\/configuration\/create(Role|Permission)\.ts/,
    text: /^(support_agent|documents:read)$/,
    why: 'examples of values',
  },
  {
    file: /^src\/ui\/displayText\.ts/,
    text: /^[A-Z][A-Za-z_]+( [A-Z][A-Za-z_]+)+$/,
    why: 'names of Unicode scripts',
  },
  {
    file: /^src\/core\/credentialText\.ts/,
    text: /^env environment /,
    why: 'words in other programs’ settings',
  },
  { file: /^src\/documents\/editableKinds\.ts/, text: /^(lastingText|text)$/, why: 'kinds of fields' },
  {
    file: /^src\/terminal\/socketAddress\.ts/,
    text: /^(path too long|folder is open to others)$/,
    why: 'for the log',
  },
  {
    file: /^src\/ui\/(issueReport|reportIssue)\.ts/,
    text: /./s,
    why: 'the report, for those who look after the extension',
  },
  {
    file: /^src\/agents\/agentTools\.ts/,
    text: /^(A decoded JWT\..*|Read from Scalekit\.)$/,
    why: 'for language models',
  },
  { file: /^src\/agents\/toolResult\.ts/, text: /./s, why: 'for language models' },
  { file: /^src\/tokens\/inspect\/decodeJwt\.ts/, text: /^present, not verified$/, why: 'for language models' },
  { file: /^src\/api\/webhooks\/eventTypes\.ts/, text: /./s, why: 'Scalekit’s own titles of its events' },
  { file: /^src\/api\/webhooks\/samplePayload\.ts/, text: /./s, why: 'made-up values of a payload' },
  { file: /^src\/projectFiles\/sdk\/javascriptFindings\.ts/, text: /^oid: org_id$/, why: 'code' },
  { file: /^src\/projectFiles\/sdk\/sdkFindings\.ts/, text: /^ts jsx$/, why: 'names of a parser’s dialects' },
  { file: /^src\/api\/webhooks\/webhookKey\.ts/, text: /^(empty|noUnderscore)$/, why: 'codes of problems' },
];

describe('the texts that the user sees', () => {
  const { translated, computed, bypassing } = readSourceTexts();
  const isNotOurs = ({ text, place }: SourceText): boolean =>
    NOT_OURS.some((exception) => exception.file.test(place) && exception.text.test(text));

  it('all go through vscode.l10n', () => {
    assert.deepEqual(
      bypassing.filter((found) => !isNotOurs(found)),
      [],
    );
    assert.ok(translated.length > 500, String(translated.length));
  });

  it('are literals in the source, so that they can be extracted', () => {
    assert.deepEqual(computed, []);
  });

  it('have no unneeded exceptions', () => {
    const needless = NOT_OURS.filter(
      (exception) => !bypassing.some(({ text, place }) => exception.file.test(place) && exception.text.test(text)),
    );
    assert.deepEqual(needless, []);
  });

  it('have their placeholders numbered from 0, without a gap', () => {
    for (const { text, place } of translated) {
      const numbers = [...new Set([...text.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number)))].sort();
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index),
        place,
      );
    }
  });

  it('have real quotation marks, apostrophes and ellipses, and no space at either end', () => {
    for (const { text, place } of translated) {
      assert.doesNotMatch(text, /\w'\w|\.\.\.|^"|\s"[^"{]*"\s/, place);
      assert.doesNotMatch(text, /^ (?! )| $|[^ ] {2}[^ ]/, place);
    }
  });

  it('use one word for one thing', () => {
    const words: readonly [RegExp, string][] = [
      [/\be-mail\b/i, 'email'],
      [/\blog ?in\b(?!s? )/i, 'sign in'],
      [/\btenants?\b/i, 'organization'],
      [/\bcredentials file\b/i, '.env file'],
      [/\bclient-id\b|\bclient id\b|\bClientID\b/, 'client ID'],
      [/\bAPI key\b/i, 'client secret'],
      [/\bfolder view\b|\btree view\b/i, 'view'],
      [/\bjwt\b/, 'JWT'],
      [/\bVSCode\b|\bVisual Studio Code\b/, 'VS Code'],
      [/\bScaleKit\b/, 'Scalekit'],
    ];
    for (const { text, place } of translated)
      for (const [wrong, right] of words) assert.doesNotMatch(text, wrong, `${place}: ${right}`);
  });
});
