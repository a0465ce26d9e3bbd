import assert from 'node:assert/strict';
import { searchOrganizations } from '../../src/resources/organizations/organizationSearch';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';

describe('the search for organizations', () => {
  let world: SandboxWorkbench;
  let organization: { readonly id: string; readonly externalId: string };

  const search = (): Promise<void> => searchOrganizations(world.organizationsView, world.environments, world.prompts);
  const asked = (): string[] =>
    world.sandbox.requests.map(({ path }) => path).filter((path) => path.startsWith('/api/'));
  const selected = (): (string | undefined)[] =>
    world.organizationsView.treeView.view.selection.map(({ document }) => document?.path[1]);

  beforeEach(async () => {
    world = await startSandboxWorkbench({ organizations: 120, seed: 1 });
    const { organizations } = await world.sdk.organization.listOrganization({ pageSize: 50 });
    await world.labels(world.organizationsView.treeView);
    const { id, externalId } =
      organizations.find((each) => (each.externalId ?? '') !== '') ?? assert.fail('none has an external id');
    organization = { id, externalId: externalId ?? '' };
    world.sandbox.clearRequests();
  });

  afterEach(() => world.end());

  it('asks by name and by external ID, and by ID instead if the text is one', async () => {
    const { id, externalId } = organization;
    world.prompts.expectSearch(externalId, { labels: ['Looney Corp'] }, undefined);
    // Scalekit's search finds only names as far as we know, so this leaves its own results out.
    world.sandbox.addFault({
      path: '/api/v1/organizations:search',
      respond: { body: { organizations: [], total_size: 0 } },
    });
    await search();
    assert.deepEqual(asked().sort(), [
      `/api/v1/organizations:external/${externalId}`,
      `/api/v1/organizations:search?query=${externalId}&page_size=30`,
    ]);
    world.sandbox.clearRequests();
    world.prompts.expectSearch(` ${id} `, { labels: ['Looney Corp'] }, { label: 'Looney Corp' });
    await search();
    assert.deepEqual(asked().sort(), [
      `/api/v1/organizations/${id}`,
      `/api/v1/organizations:search?query=${id}&page_size=30`,
    ]);
    assert.deepEqual(selected(), [id]);
  });

  it('finds a change from a moment ago', async () => {
    world.prompts.expectSearch('Looney', { labels: [/Show all/, 'Looney Corp'] }, undefined);
    await search();
    await world.sdk.organization.updateOrganization(organization.id, { displayName: 'Looney Tunes' });
    world.prompts.expectSearch('Looney', { labels: [/Show all/, 'Looney Tunes'] }, undefined);
    await search();
  });

  it('shows the search’s results even if the lookup by external ID fails', async () => {
    world.sandbox.addFault({ path: '/api/v1/organizations:external/*', status: 501 });
    world.prompts.expectSearch('Looney', { labels: [/Show all/, 'Looney Corp'] }, undefined);
    await search();
  });

  for (const status of [404, 501]) {
    it(`says that it’s missing (HTTP ${status}), and still finds exact IDs and loaded rows`, async () => {
      world.sandbox.addFault({ path: '/api/v1/organizations:search', status });
      const note = `No search in this environment (HTTP ${status}). Only exact IDs, exact external IDs and the loaded rows are found`;
      world.prompts.expectSearch('looney', { labels: [note, 'Looney Corp'] }, undefined);
      await search();
      world.prompts.expectSearch('nobody has this', { labels: [note] }, undefined);
      await search();
      const unloaded = await made('Not Loaded', 'not-loaded-1');
      for (const text of [unloaded, 'not-loaded-1']) {
        world.prompts.expectSearch(text, { labels: [note, 'Not Loaded'] }, { label: 'Not Loaded' });
        await search();
        assert.deepEqual(selected(), [unloaded]);
      }
    });
  }

  it('says that it’s missing in an action’s picker too', async () => {
    world.sandbox.addFault({ path: '/api/v1/organizations:search', status: 404 });
    world.prompts.expectSearch('looney', { labels: [/^No search in this environment/, 'Looney Corp'] }, undefined);
    await world.act('scalekit.organization.delete');
  });

  async function made(displayName: string, externalId: string): Promise<string> {
    return (
      (await world.sdk.organization.createOrganization(displayName, { externalId })).organization?.id ??
      assert.fail('it was not made')
    );
  }
});
