import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requestTarget, type ApiRequest } from '../../src/requests/apiRequest';
import { snippet, TERMINAL_TOKEN, type SnippetFormat } from '../../src/requests/snippets';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { installPrograms } from '../../src/terminal/installPrograms';
import { TERMINAL_VARIABLES } from '../../src/terminal/terminalProtocol';
import { TerminalServer } from '../../src/terminal/terminalServer';
import { projectRoot } from '../host/project';
import { findExecutable } from '../host/vscodeHost';
import { cmdArguments, powerShellArguments } from '../support/windowsShells';

/** Never the synchronous form, because the sandbox runs in this process. */
const runFile = promisify(execFile);

/** Names that an attacker, or a person with a sense of humor, would choose. */
const HOSTILE = [
  `O'Reilly "Media" \`id\` $(id) $HOME '; touch pwned; echo '# back\\slash \\n %27%s%% {curly} [0-9] <b>`,
  '-rf --output=pwned\nline two\r\n\ttabbed \u202Eegnaro \u00e9\u0300 日本語 🎩 \u2028',
  'a/b/../c?d=e&f#g;h+i~j!k*l(m)n,o:p@q',
];

interface Runner {
  /** How a snippet runs in a folder of its own. The snippet is `text`, and is saved in `file`. */
  command(file: string, text: string, variables: Readonly<Record<string, string>>): readonly string[];
  readonly file: string;
}

const RUNNERS: Readonly<Record<SnippetFormat, Runner>> = {
  cURL: { file: 'snippet.sh', command: (file) => ['sh', '-eu', file] },
  // These shells run on Windows, so their rules are emulated, and the result goes to this machine's curl.
  'cURL (PowerShell)': {
    file: 'snippet.ps1',
    command: (_, text, variables) => curlOf(powerShellArguments(text, variables, noCommand)),
  },
  'cURL (Windows cmd)': {
    file: 'snippet.cmd',
    command: (_, text, variables) => curlOf(cmdArguments(text, variables, noCommand)),
  },
  'Node.js fetch': { file: 'fetch.mjs', command: (file) => ['node', file] },
  axios: { file: 'axios.mjs', command: (file) => ['node', file] },
  'Python requests': { file: 'snippet.py', command: (file) => ['python3', file] },
  'Go net/http': { file: 'snippet.go', command: (file) => ['go', 'run', file] },
};

function curlOf([program, ...args]: readonly string[]): string[] {
  assert.match(program ?? '', /^curl(?:\.exe)?$/);
  return ['curl', ...args];
}

function noCommand(command: string): never {
  assert.fail(`${command} was requested`);
}

const goIsThere = spawnSync('go', ['version']).status === 0;

describe('a copied request', () => {
  let sandbox: Sandbox;
  let token: string;
  let folder: string;
  const requests: {
    readonly title: string;
    readonly request: ApiRequest;
    readonly expected: (response: OrganizationsResponse) => void;
  }[] = [];

  interface OrganizationsResponse {
    readonly organization?: { readonly id: string; readonly external_id?: string; readonly display_name: string };
    readonly organizations?: readonly { readonly id: string; readonly display_name: string }[];
    readonly prev_page_token?: string;
  }

  before(async () => {
    const python = spawnSync('python3', ['-c', 'import requests'], { encoding: 'utf8' });
    assert.equal(
      python.status,
      0,
      `python3 with the package "requests" is needed: pip install requests, or apt-get install python3-requests. ${python.error?.message ?? python.stderr}`,
    );
    // Inside the project, so that `import axios` finds the one that the official SDK installs.
    await mkdir(join(projectRoot(), 'out'), { recursive: true });
    folder = await mkdtemp(join(projectRoot(), 'out', 'snippets-'));

    sandbox = await startSandbox({ organizations: 25 });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
    });
    const tokenAnswer = (await (await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: form })).json()) as {
      access_token: string;
    };
    token = tokenAnswer.access_token;
    const call = async (method: string, target: string, body?: unknown): Promise<Record<string, unknown>> => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const response = await fetch(`${sandbox.url}${target}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      assert.ok(response.ok, `${method} ${target} ${response.status} ${await response.clone().text()}`);
      return (await response.json()) as Record<string, unknown>;
    };

    const first = await call('GET', '/api/v1/organizations?page_size=10');
    const pageToken = String(first['next_page_token']);
    assert.match(pageToken, /[>:=]/, 'the page token should contain characters that need encoding');
    requests.push({
      title: 'the list’s second page',
      request: {
        summary: '',
        template: '/api/v1/organizations',
        pathValues: {},
        query: [
          ['page_size', '10'],
          ['page_token', pageToken],
        ],
      },
      expected: (response) => {
        assert.equal(response.organizations?.length, 10);
        assert.notEqual(response.prev_page_token, '');
      },
    });
    for (const name of HOSTILE) {
      const { organization } = (await call('POST', '/api/v1/organizations', {
        display_name: name,
        external_id: name,
      })) as { organization: { id: string } };
      requests.push({
        title: `the organization with the external ID ${JSON.stringify(name)}`,
        request: {
          summary: '',
          template: '/api/v1/organizations:external/{external_id}',
          pathValues: { external_id: name },
          query: [],
        },
        expected: (response) => {
          assert.equal(response.organization?.id, organization.id);
          assert.equal(response.organization.display_name, name);
        },
      });
      requests.push({
        title: `a search for ${JSON.stringify(name)}`,
        request: {
          summary: '',
          template: '/api/v1/organizations:search',
          pathValues: {},
          query: [
            ['query', name],
            ['page_size', '30'],
          ],
        },
        expected: (response) =>
          assert.deepEqual(
            response.organizations?.map(({ id }) => id),
            [organization.id],
          ),
      });
    }
    const { organizations } = (await call('GET', '/api/v1/organizations?page_size=1')) as {
      organizations: { id: string }[];
    };
    const id = organizations[0]?.id ?? '';
    requests.push({
      title: 'an organization by its ID',
      request: { summary: '', template: '/api/v1/organizations/{id}', pathValues: { id }, query: [] },
      expected: (response) => assert.equal(response.organization?.id, id),
    });
  });

  after(async () => {
    await sandbox?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const formats = (Object.keys(RUNNERS) as SnippetFormat[]).filter((format) => format !== 'Go net/http' || goIsThere);
  if (!goIsThere) console.log("  Go isn't on this machine, so its snippets don't run here.");

  for (const format of formats) {
    for (const form of ['its token written into it', 'its token in SCALEKIT_ACCESS_TOKEN'] as const) {
      it(`works as ${format} for every list, get and search, with ${form}`, async function () {
        this.timeout(90_000);
        const live = form === 'its token written into it';
        sandbox.clearRequests();
        for (const { title, request, expected } of requests) {
          const target = requestTarget(request);
          const text = snippet(format, `${sandbox.url}${target}`, live ? token : undefined);
          assert.equal(text.includes(token), live);
          const output = await run(RUNNERS[format], text, live ? undefined : token);
          let response: OrganizationsResponse;
          try {
            response = JSON.parse(output) as OrganizationsResponse;
          } catch {
            throw new assert.AssertionError({ message: `${title}: this isn’t JSON:\n${output}\n${text}` });
          }
          expected(response);
          const [received, ...more] = sandbox.requests;
          assert.deepEqual(more, [], title);
          assert.equal(received?.status, 200, title);
          sandbox.clearRequests();
        }
        assert.equal(requests.length, 2 + 2 * HOSTILE.length);
      });
    }
  }

  it('runs no command that is hidden in a name', async () => {
    const left = spawnSync('ls', ['-A', folder], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((name) => name !== '');
    assert.deepEqual(left.sort(), formats.map((format) => RUNNERS[format].file).sort());
  });

  it('fails in every format when Scalekit returns an error, and shows the error with cURL', async () => {
    const missing = `${sandbox.url}/api/v1/organizations/org_0000000000000000`;
    for (const format of formats) {
      for (const [url, what] of [
        [missing, 'organization'],
        [`${sandbox.url}/api/v1/connections`, 'broken'],
      ] as const) {
        sandbox.clearFaults();
        if (what === 'broken') sandbox.addFault({ path: '/api/v1/connections', status: 500 });
        for (const live of [true, false]) {
          const failure = await run(
            RUNNERS[format],
            snippet(format, url, live ? token : undefined),
            live ? undefined : token,
          ).then(
            () => assert.fail(`${format} succeeds for ${url}`),
            (error: Error) => error.message,
          );
          if (format.startsWith('cURL')) assert.match(failure, /"code"/, format);
        }
      }
    }
    sandbox.clearFaults();
  });

  describe('that uses scalekit-token', () => {
    let server: TerminalServer;
    let programs: string;
    let env: NodeJS.ProcessEnv;

    before(async () => {
      programs = join(await mkdtemp(join(tmpdir(), 'scalekit-unit-')), 'bin');
      await installPrograms(join(projectRoot(), 'dist/terminal'), programs);
      server = await TerminalServer.start({ onRefused: () => assert.fail('refused') });
      const grant = server.grant(async () => ({ token }));
      env = {
        PATH: `${programs}:${process.env['PATH']}`,
        HOME: process.env['HOME'],
        [TERMINAL_VARIABLES.socket]: server.address,
        [TERMINAL_VARIABLES.handle]: grant.handle,
        [TERMINAL_VARIABLES.nonce]: grant.nonce,
        [TERMINAL_VARIABLES.node]: process.execPath,
      };
    });
    after(async () => {
      server.dispose();
      await rm(join(programs, '..'), { recursive: true, force: true });
    });

    for (const [shell, ...own] of [['bash', '--norc'], ['zsh', '-f'], ['fish', '--no-config'], ['dash']] as const) {
      if (findExecutable([shell]) === undefined) continue;
      it(`works with cURL in ${shell} for every list, get and search, and contains no token`, async () => {
        for (const { request, expected } of requests) {
          const text = snippet('cURL', `${sandbox.url}${requestTarget(request)}`, TERMINAL_TOKEN);
          assert.ok(!text.includes(token));
          const { stdout } = await runFile(shell, [...own, '-c', text], { env });
          expected(JSON.parse(stdout) as OrganizationsResponse);
        }
      });
    }

    it('calls the same program with cURL in PowerShell and cmd', async () => {
      const asked = (command: string): string => (command === 'scalekit-token' ? token : assert.fail(command));
      for (const { request, expected } of requests) {
        const url = `${sandbox.url}${requestTarget(request)}`;
        for (const [, ...args] of [
          cmdArguments(snippet('cURL (Windows cmd)', url, TERMINAL_TOKEN), {}, asked),
          powerShellArguments(snippet('cURL (PowerShell)', url, TERMINAL_TOKEN), {}, asked),
        ]) {
          const { stdout } = await runFile('curl', args);
          expected(JSON.parse(stdout) as OrganizationsResponse);
        }
      }
    });
  });

  async function run({ file, command }: Runner, text: string, variable: string | undefined): Promise<string> {
    await writeFile(join(folder, file), text);
    const [program = '', ...args] = command(
      file,
      text,
      variable === undefined ? {} : { SCALEKIT_ACCESS_TOKEN: variable },
    );
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LANG: 'C.UTF-8',
      ...(variable === undefined ? {} : { SCALEKIT_ACCESS_TOKEN: variable }),
    };
    return new Promise((resolve, reject) => {
      execFile(program, args, { cwd: folder, env, timeout: 30_000 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(
            new assert.AssertionError({
              message: `${program} ${args.join(' ')} failed: ${error.message}\n${stderr}\n${stdout}\n${text}`,
            }),
          );
      });
    });
  }
});
