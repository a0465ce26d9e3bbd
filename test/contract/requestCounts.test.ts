import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { connect as connectSdk } from '../bench/contenders/sdk';
import { connect as connectWorkbench } from '../bench/contenders/workbench';
import { measureFirstRows } from '../bench/firstRows';

// What `npm run bench` measures and the machine's load doesn't change.
describe('the number of requests', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ organizations: 100_000, seed: 8 });
  });

  afterEach(() => sandbox.close());

  async function countConcurrent(connect: typeof connectWorkbench): Promise<{ token: number; api: number }> {
    const { ids } = await connectWorkbench(sandbox).list();
    assert.equal(ids.length, 100);
    sandbox.clearRequests();
    const connection = connect(sandbox);
    const names = await Promise.all(ids.map((id) => connection.get(id)));
    assert.ok(names.every((name) => name !== undefined));
    const token = sandbox.requests.filter(({ path }) => path === '/oauth/token').length;
    return { token, api: sandbox.requests.length - token };
  }

  it('is 101 for 100 concurrent calls from cold', async () => {
    assert.deepEqual(await countConcurrent(connectWorkbench), { token: 1, api: 100 });
  });

  it('is less than that of the official SDK for the same calls', async () => {
    const { token, api } = await countConcurrent(connectSdk);
    console.log(`      the SDK made ${token} token requests and ${api} calls`);
    assert.ok(token + api > 101);
  });

  it('is one for the first rows of 100,000, and zero for cached data', async () => {
    const rows = await measureFirstRows({
      ...sandbox,
      forgetRequests: async () => sandbox.clearRequests(),
      countRequests: async () => {
        const token = sandbox.requests.filter(({ path }) => path === '/oauth/token').length;
        return { token, api: sandbox.requests.length - token };
      },
    });
    assert.deepEqual([rows.tokenRequests, rows.listRequests, rows.warmRequests], [1, 1, 0]);
  });
});
