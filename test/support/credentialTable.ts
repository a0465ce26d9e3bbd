import type { FoundCredentials } from '../../src/core/credentialText';

const url = 'https://acme.scalekit.dev';
const secret = 'test_AbCd1234EfGh5678IjKl';
const all: FoundCredentials = { environmentUrl: url, clientId: 'skc_1', clientSecret: secret };
const lines = `SCALEKIT_ENVIRONMENT_URL=${url}\nSCALEKIT_CLIENT_ID=skc_1\nSCALEKIT_CLIENT_SECRET=${secret}`;
const under = (write: (name: string, value: string) => string, end = '\n'): string =>
  [
    write('SCALEKIT_ENVIRONMENT_URL', url),
    write('SCALEKIT_CLIENT_ID', 'skc_1'),
    write('SCALEKIT_CLIENT_SECRET', secret),
  ].join(end);

/** What people paste and store in files, and what's found in it, in every Node that an editor ships. */
export const CREDENTIAL_TABLE: readonly (readonly [what: string, text: string, found: FoundCredentials])[] = [
  ['lines with one of blanks before them', `PORT=3000\n   \n${lines}`, all],
  ['lines with empty ones between them', lines.replaceAll('\n', '\n\n\t\n'), all],
  ['lines below a sentence', `Here are the dev credentials:\n${lines}`, all],
  ['lines below a sentence without a colon', `Hi Jane, these are for you\n${lines}\nBye`, all],
  ['lines in a Markdown fence', `\`\`\`env\n${lines}\n\`\`\``, all],
  ['lines in a tilde fence', `~~~\n${lines}\n~~~`, all],
  ['lines below a section', `[scalekit]\n${lines}`, all],
  ['lines below a rule', `--------\n${lines}\n--------`, all],
  ['lines below a name without a value', `AWS_PROFILE\n${lines}`, all],
  ['lines below a name with nothing behind it', `EMPTY=\n${lines}`, all],
  ['lines with a mark in their middle', lines.replace('SCALEKIT_CLIENT_ID', '\ufeffSCALEKIT_CLIENT_ID'), all],
  ['lines with only CR', lines.replaceAll('\n', '\r'), all],
  ['lines with CRLF', lines.replaceAll('\n', '\r\n'), all],
  ['lines with Unicode’s line separators', lines.replaceAll('\n', '\u2028'), all],
  ['lines below an unclosed quote', `NAME="it\n${under((name, value) => `${name}="${value}"`)}`, all],
  ['lines below an apostrophe', `NOTE=don't\n${under((name, value) => `${name}='${value}'`)}`, all],
  ['lines below a key of several lines', `KEY="-----BEGIN KEY-----\nAAAA\n-----END KEY-----"\n${lines}`, all],
  ['lines that became one', lines.replaceAll('\n', ' '), all],
  ['lines that became one, quoted', under((name, value) => `${name}="${value}"`, ' '), all],
  ['lines that became one, with a comment', `# ours ${lines.replaceAll('\n', ' ')}`, all],
  ['lines that became one, with comments behind them', under((name, value) => `${name}=${value} # ours`, ' '), all],
  [
    'lines that became one, with an old one commented out',
    `# SCALEKIT_CLIENT_ID=skc_0 ${lines.replaceAll('\n', ' ')} #SCALEKIT_CLIENT_SECRET=old`,
    all,
  ],
  ['comments that became one line', lines.replaceAll(/^/gm, '# ').replaceAll('\n', ' '), {}],
  ['lines with colons', under((name, value) => `${name}: ${value}`), all],
  ['lines with colons and quotes', under((name, value) => `${name}: "${value}"`), all],
  ['lines with colons and no space', under((name, value) => `${name}:${value}`), all],
  ['lines with spaces around the sign', under((name, value) => `${name} = ${value}`), all],
  ['lines with tabs', under((name, value) => `${name}\t${value}`), all],
  ['lines with semicolons', under((name, value) => `${name}=${value};`), all],
  ['lines with commas', under((name, value) => `${name}=${value},`), all],
  ['lines with semicolons and quotes', under((name, value) => `${name}="${value}";`), all],
  ['lines with comments', under((name, value) => `${name}=${value} # ours`), all],
  ['lines with comments of code', under((name, value) => `${name}="${value}" // ours`), all],
  ['export', under((name, value) => `export ${name}=${value}`), all],
  ['export, in one line', under((name, value) => `export ${name}=${value}`, ' && '), all],
  ['declare', under((name, value) => `declare -x ${name}="${value}"`), all],
  ['set of cmd', under((name, value) => `set ${name}=${value}`), all],
  ['set of cmd, quoted as a whole', under((name, value) => `set "${name}=${value}"`), all],
  ['setx', under((name, value) => `setx ${name} "${value}"`), all],
  ['setx without quotes', under((name, value) => `setx ${name} ${value}`), all],
  ['PowerShell', under((name, value) => `$env:${name} = "${value}"`), all],
  ['PowerShell without spaces', under((name, value) => `$env:${name}='${value}'`, '; '), all],
  [
    'PowerShell’s .NET',
    under((name, value) => `[Environment]::SetEnvironmentVariable("${name}", "${value}", "User")`),
    all,
  ],
  ['fish', under((name, value) => `set -gx ${name} ${value}`), all],
  ['csh', under((name, value) => `setenv ${name} ${value}`), all],
  ['a prompt of a shell', under((name, value) => `$ export ${name}=${value}`), all],
  ['variables before a program', `${under((name, value) => `${name}=${value}`, ' ')} node server.js`, all],
  ['docker -e', `docker run --rm ${under((name, value) => `-e ${name}=${value}`, ' ')} acme/web`, all],
  [
    'docker --env over several lines',
    `docker run \\\n${under((name, value) => `  --env ${name}=${value}`, ' \\\n')} \\\n  acme/web`,
    all,
  ],
  ['docker -e with quotes', `docker run ${under((name, value) => `-e "${name}=${value}"`, ' ')} acme/web`, all],
  ['a Dockerfile', under((name, value) => `ENV ${name} ${value}`), all],
  ['a Dockerfile with signs', under((name, value) => `ENV ${name}=${value}`), all],
  [
    'kubectl',
    `kubectl create secret generic scalekit ${under((name, value) => `--from-literal=${name}=${value}`, ' ')}`,
    all,
  ],
  ['fly secrets', `fly secrets set ${under((name, value) => `${name}=${value}`, ' ')}`, all],
  [
    'a compose list',
    `services:\n  web:\n    environment:\n${under((name, value) => `      - ${name}=${value}`)}\n    ports:\n      - "80:80"`,
    all,
  ],
  ['a compose list, quoted', `environment:\n${under((name, value) => `  - "${name}=${value}"`)}`, all],
  ['a compose map', `services:\n  web:\n    environment:\n${under((name, value) => `      ${name}: ${value}`)}`, all],
  ['a list of Kubernetes', `env:\n${under((name, value) => `  - name: ${name}\n    value: "${value}"`)}`, all],
  ['a Kubernetes secret in clear text', `stringData:\n${under((name, value) => `  ${name}: ${value}`)}`, all],
  ['YAML of Spring', `scalekit:\n  env-url: ${url}\n  client-id: skc_1\n  client-secret: ${secret}\n`, all],
  [
    'YAML with another provider',
    `github:\n  client-id: Iv1.abc\n  client-secret: ghs\nscalekit:\n  env-url: ${url}\n  client-id: skc_1\n  client-secret: ${secret}\n`,
    all,
  ],
  [
    'YAML with another provider behind',
    `scalekit:\n  environment_url: ${url}\n  client_id: skc_1\n  client_secret: ${secret}\ngithub:\n  client_id: abc\n  client_secret: ghs\n`,
    all,
  ],
  [
    'YAML whose secret is a block',
    `scalekit:\n  env_url: ${url}\n  client_id: skc_1\n  client_secret: >-\n    ${secret}\n`,
    all,
  ],
  ['YAML in one line', `scalekit: { env_url: "${url}", client_id: skc_1, client_secret: ${secret} }`, all],
  ['properties', `scalekit.env-url=${url}\nscalekit.client-id=skc_1\nscalekit.client-secret=${secret}\n`, all],
  [
    'properties beside those of another provider',
    `github.client-id=Iv1.abc\ngithub.client-secret=ghs\nscalekit.env-url=${url}\nscalekit.client-id=skc_1\nscalekit.client-secret=${secret}\n`,
    all,
  ],
  [
    'an INI file with another provider',
    `[github]\nclient_id=abc\nclient_secret=ghs\n[scalekit]\nenv_url=${url}\nclient_id=skc_1\nclient_secret=${secret}\n`,
    all,
  ],
  ['TOML', `[tool.scalekit]\nenvironment_url = "${url}"\nclient_id = "skc_1"\nclient_secret = "${secret}"`, all],
  [
    'Terraform',
    `scalekit_environment_url = "${url}"\nscalekit_client_id       = "skc_1"\nscalekit_client_secret   = "${secret}"`,
    all,
  ],
  [
    'a block of Terraform',
    `provider "github" {\n  client_id = "abc"\n  client_secret = "ghs"\n}\nprovider "scalekit" {\n  environment_url = "${url}"\n  client_id = "skc_1"\n  client_secret = "${secret}"\n}`,
    all,
  ],
  ['Terraform’s variables', under((name, value) => `export TF_VAR_${name.toLowerCase()}="${value}"`), all],
  [
    '.NET’s double underscores',
    `Scalekit__EnvironmentUrl=${url}\nScalekit__ClientId=skc_1\nScalekit__ClientSecret=${secret}`,
    all,
  ],
  [
    '.NET’s colons',
    `dotnet user-secrets set "Scalekit:EnvironmentUrl" "${url}"\ndotnet user-secrets set "Scalekit:ClientId" "skc_1"\ndotnet user-secrets set "Scalekit:ClientSecret" "${secret}"`,
    all,
  ],
  [
    'appsettings.json',
    JSON.stringify({
      Logging: { LogLevel: 'x' },
      Scalekit: { EnvironmentUrl: url, ClientId: 'skc_1', ClientSecret: secret },
    }),
    all,
  ],
  [
    'XML settings',
    `<add key="Scalekit:EnvironmentUrl" value="${url}" />\n<add key="Scalekit:ClientId" value="skc_1" />\n<add key="Scalekit:ClientSecret" value="${secret}" />`,
    all,
  ],
  [
    'XML elements',
    `<scalekit>\n<environment-url>${url}</environment-url>\n<client-id>skc_1</client-id>\n<client-secret>${secret}</client-secret>\n</scalekit>`,
    all,
  ],
  [
    'JavaScript',
    `const scalekit = new Scalekit({\n  environmentUrl: '${url}',\n  clientId: 'skc_1', // ours\n  clientSecret: \`${secret}\`,\n});`,
    all,
  ],
  ['JavaScript arguments', `new Scalekit("${url}", "skc_1", "${secret}")`, all],
  ['assignments in JavaScript', under((name, value) => `process.env.${name} = '${value}';`), all],
  ['assignments in Python', under((name, value) => `os.environ["${name}"] = "${value}"`), all],
  ['a Python dictionary', `{'environment_url': '${url}', 'client_id': 'skc_1', 'client_secret': '${secret}'}`, all],
  ['Python arguments', `ScalekitClient(env_url="${url}", client_id="skc_1", client_secret="${secret}")`, all],
  [
    'a PHP array',
    `'scalekit' => [\n  'environment_url' => '${url}',\n  'client_id' => 'skc_1',\n  'client_secret' => '${secret}',\n],`,
    all,
  ],
  ['Ruby', `scalekit: { environment_url: "${url}", client_id: "skc_1", client_secret: "${secret}" }`, all],
  ['a Go literal', `ClientID: "skc_1",\nClientSecret: "${secret}",\nEnvironmentURL: "${url}",`, all],
  [
    'curl with a form',
    `curl ${url}/oauth/token -d 'grant_type=client_credentials&client_id=skc_1&client_secret=${secret}'`,
    all,
  ],
  [
    'curl over several lines',
    `curl -X POST "${url}/oauth/token" \\\n  -d "grant_type=client_credentials" \\\n  -d "client_id=skc_1" \\\n  -d "client_secret=${secret}"`,
    all,
  ],
  ['an .http file', `@environment_url = ${url}\n@client_id = skc_1\n@client_secret = ${secret}`, all],
  ['a connection string', `EnvironmentUrl=${url};ClientId=skc_1;ClientSecret=${secret};`, all],
  [
    'JSON with comments and a comma at its end',
    `{\n  // ours\n  "scalekit": {\n    "environment_url": "${url}", // "client_id": "old",\n    /* a note */\n    "client_id": "skc_1",\n    "client_secret": "${secret}",\n  },\n}`,
    all,
  ],
  [
    'JSON with escaped slashes and a comment',
    `{ // php\n "environment_url": "https:\\/\\/acme.scalekit.dev", "client_id": "skc_1", "client_secret": "${secret}" }`,
    all,
  ],
  ['JSON with single quotes', `{ environmentUrl: '${url}', clientId: 'skc_1', clientSecret: '${secret}' }`, all],
  [
    'a part of JSON',
    `"scalekit": {\n  "environment_url": "${url}",\n  "client_id": "skc_1",\n  "client_secret": "${secret}"\n},`,
    all,
  ],
  [
    'JSON with words around it',
    `These are ours: {"environment_url":"${url}","client_id":"skc_1","client_secret":"${secret}"} Thanks!`,
    all,
  ],
  [
    'JSON in a fence',
    `\`\`\`json\n{\n  "client_id": "skc_1",\n  "client_secret": "${secret}",\n  "environment_url": "${url}"\n}\n\`\`\``,
    all,
  ],
  ['JSON in a JSON text', JSON.stringify(lines), all],
  ['JSON with a .env text in it', JSON.stringify({ result: { content: [{ text: `\n${lines}\n` }] } }), all],
  [
    'launch.json',
    `{\n  // Use IntelliSense\n  "version": "0.2.0",\n  "configurations": [{ "type": "node", "name": "Web", "env": { ${under((name, value) => `"${name}": "${value}"`, ', ')} }, }],\n}`,
    all,
  ],
  [
    'mcp.json',
    JSON.stringify({
      servers: {
        scalekit: { command: 'npx', env: Object.fromEntries(lines.split('\n').map((line) => line.split('='))) },
      },
    }),
    all,
  ],
  [
    'a Postman environment',
    JSON.stringify({
      name: 'Dev',
      values: lines.split('\n').map((line) => ({ key: line.split('=')[0], value: line.split('=')[1], enabled: true })),
    }),
    all,
  ],
  [
    'Azure’s settings',
    JSON.stringify(
      lines.split('\n').map((line) => ({ name: line.split('=')[0], value: line.split('=')[1], slotSetting: false })),
    ),
    all,
  ],
  ['docker inspect', JSON.stringify([{ Config: { Env: ['PATH=/bin', ...lines.split('\n')] } }]), all],
  ['a list of texts', JSON.stringify(lines.split('\n')), all],
  [
    'local.settings.json',
    JSON.stringify({
      IsEncrypted: false,
      Values: Object.fromEntries(lines.split('\n').map((line) => line.split('='))),
    }),
    all,
  ],
  ['a Markdown table', `| Name | Value |\n|---|---|\n${under((name, value) => `| ${name} | \`${value}\` |`)}`, all],
  ['a Markdown list', under((name, value) => `- **${name}**: \`${value}\``), all],
  ['a numbered list', under((name, value) => `1. ${name}=${value}`), all],
  [
    'numbered lines',
    lines
      .split('\n')
      .map((line, index) => `  ${index + 1}\t${line}`)
      .join('\n'),
    all,
  ],
  [
    'quoted lines of a chat',
    lines
      .split('\n')
      .map((line) => `> ${line}`)
      .join('\n'),
    all,
  ],
  [
    'lines of a chat with times',
    lines
      .split('\n')
      .map((line) => `[10:42] Jane: ${line}`)
      .join('\n'),
    all,
  ],
  ['a line of code in a chat', `\`${lines.replaceAll('\n', ' ')}\``, all],
  ['typographic quotes', under((name, value) => `${name}=“${value}”`), all],
  [
    'typographic quotes of other languages',
    `SCALEKIT_ENVIRONMENT_URL=«${url}»\nSCALEKIT_CLIENT_ID=„skc_1“\nSCALEKIT_CLIENT_SECRET=‘${secret}’`,
    all,
  ],
  ['invisible characters', under((name, value) => `\u200b${name}\u200b=${value}\u200b`), all],
  ['invisible characters within quotes', under((name, value) => `${name}="${value}\u200b\u2060"`), all],
  ['soft hyphens in a secret', lines.replace('1234', '1234\u00ad'), all],
  ['non-breaking spaces', under((name, value) => `${name}\u00a0=\u00a0${value}\u00a0`), all],
  [
    'a diff',
    lines
      .split('\n')
      .map((line) => `+${line}`)
      .join('\n'),
    all,
  ],
  [
    'names of a frontend',
    `VITE_SCALEKIT_ENVIRONMENT_URL=${url}\nNEXT_PUBLIC_SCALEKIT_CLIENT_ID=skc_1\nSCALEKIT_CLIENT_SECRET=${secret}`,
    all,
  ],
  ['labels as a page shows them', `Environment URL: ${url}\nClient ID: skc_1\nClient secret: ${secret}`, all],
  ['labels above their values', `Environment URL\n${url}\nClient ID\nskc_1\nClient Secret\n${secret}\n`, all],
  ['labels with dashes', `Environment URL – ${url}\nClient ID – skc_1\nClient Secret – ${secret}\n`, all],
  ['values one below the other', `${url}\nskc_1\n${secret}\n`, all],
  ['values in one line', `${url} skc_1 ${secret}`, all],
  ['a URL and an ID without names', `${url}\nskc_1`, { environmentUrl: url, clientId: 'skc_1' }],
  ['only a URL', url, {}],
  ['only a client ID', 'skc_1', {}],
  ['only a secret', secret, {}],

  [
    'the record that is Scalekit’s',
    `{"github":{"client_id":"Iv1.abc","client_secret":"ghs"},"scalekit":{"environment_url":"${url}","client_id":"skc_1","client_secret":"${secret}"}}`,
    all,
  ],
  [
    'the record that is Scalekit’s, further in',
    JSON.stringify({
      providers: {
        google: { client_id: 'g', client_secret: 'gs' },
        sso: { scalekit: { environment_url: url, client_id: 'skc_1', client_secret: secret } },
      },
    }),
    all,
  ],
  [
    'the record that is Scalekit’s by its values',
    JSON.stringify([
      { client_id: 'abc', client_secret: 'ghs' },
      { environment_url: url, client_id: 'skc_1', client_secret: secret },
    ]),
    all,
  ],
  [
    'the record that is Scalekit’s, with none of its fields at the top',
    JSON.stringify({
      client_id: 'abc',
      client_secret: 'ghs',
      scalekit: { environment_url: url, client_id: 'skc_1', client_secret: secret },
    }),
    all,
  ],
  [
    'variables of several providers',
    `GITHUB_CLIENT_ID=Iv1.a\nGITHUB_CLIENT_SECRET=ghs\nAUTH0_CLIENT_ID=a\nAUTH0_CLIENT_SECRET=b\n${lines}\nGOOGLE_CLIENT_ID=g\nGOOGLE_CLIENT_SECRET=gs`,
    all,
  ],
  ['variables of several providers, without a prefix for one', `CLIENT_ID=abc\nCLIENT_SECRET=ghs\n${lines}`, all],
  [
    'the record that is complete',
    JSON.stringify({
      example: { SCALEKIT_CLIENT_ID: 'skc_2' },
      dev: Object.fromEntries(lines.split('\n').map((line) => line.split('='))),
    }),
    all,
  ],
  [
    'what is above the ID and secret',
    `SCALEKIT_ENVIRONMENT_URL=${url}\nSCALEKIT_M2M_CLIENT_ID=skc_1\nSCALEKIT_M2M_CLIENT_SECRET=${secret}`,
    all,
  ],
  ['a secret that comes again', `${lines.replace('AbCd', 'Zzzz')}\nSCALEKIT_CLIENT_SECRET=${secret}`, all],
  ['the same lines twice', `${lines}\n\n${lines}`, all],
  [
    'two environments, of which a person must choose',
    `# dev\n${lines}\n# prod\n${lines.replaceAll('acme', 'globex').replace('skc_1', 'skc_2')}`,
    {},
  ],
  [
    'two environments in JSON',
    JSON.stringify({
      dev: { environment_url: url, client_id: 'skc_1', client_secret: 'a' },
      prod: { environment_url: 'https://globex.scalekit.com', client_id: 'skc_2', client_secret: 'b' },
    }),
    {},
  ],
  [
    'halves of two environments',
    JSON.stringify({
      dev: { environment_url: url, client_secret: 'a' },
      prod: { client_id: 'skc_2', client_secret: 'b' },
    }),
    {},
  ],
  ['only another provider', '{"github":{"client_id":"Iv1.abc","client_secret":"ghs"}}', {}],
  ['only another provider, in variables', 'AUTH0_CLIENT_ID=a\nAUTH0_CLIENT_SECRET=b\nAUTH0_DOMAIN=acme.auth0.com', {}],
  [
    'only another provider, by its values',
    '{"client_id":"123-abc.apps.googleusercontent.com","client_secret":"GOCSPX-x"}',
    {},
  ],
  [
    'another provider with a name like ours',
    JSON.stringify({
      dataverse: {
        environment_url: 'https://org.example.com',
        client_id: '11111111-2222-3333-4444-555555555555',
        client_secret: 's',
      },
    }),
    {},
  ],
  [
    'Google’s file',
    JSON.stringify({
      web: {
        client_id: '1-a.apps.googleusercontent.com',
        project_id: 'p',
        auth_uri: 'https://accounts.google.com/o/oauth2/auth',
        client_secret: 'GOCSPX-1',
      },
    }),
    {},
  ],
  [
    'another provider beside half of ours',
    `SCALEKIT_ENVIRONMENT_URL=${url}\nGITHUB_CLIENT_ID=Iv1.a\nGITHUB_CLIENT_SECRET=ghs`,
    { environmentUrl: url },
  ],
  [
    'other secrets of ours',
    `SCALEKIT_WEBHOOK_SECRET=whsec_1\nSCALEKIT_REDIRECT_URI=https://app.example\nSCALEKIT_ENVIRONMENT_ID=env_1\n${lines}`,
    all,
  ],
  ['only comments', lines.replaceAll(/^/gm, '# '), {}],
  ['a sentence with the names', 'Set SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET in your .env file.', {}],
  ['a sentence with the words', 'The client ID is public. The client secret is not. Ask for the environment URL', {}],
];
