/**
 * The floors of src: a folder imports from its own floor's lower ones only. `npm run check:architecture` checks them;
 * docs/architecture.md draws them.
 */
const nouns = [
  'apiClients',
  'configuration',
  'connections',
  'directories',
  'domains',
  'organizations',
  'signIns',
  'users',
];
const features = [
  'activity',
  'agents',
  'documents',
  'environments',
  'mcp',
  'projectFiles',
  'requests',
  'resources',
  'signIn',
  'terminal',
  'tokens',
  'webhooks',
];

/** A folder of src may import from itself and from these, and from nothing else of src. */
const floors = {
  api: [],
  core: ['api'],
  ui: ['core', 'api'],
  tree: ['ui', 'core', 'api'],
  changes: ['ui', 'core', 'api'],
  ...Object.fromEntries(features.map((feature) => [feature, ['tree', 'changes', 'ui', 'core', 'api']])),
  sandbox: [],
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that import each other are one, or need a third that both import.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(floors).map(([folder, lower]) => ({
      name: `floor-of-${folder}`,
      comment: `src/${folder} imports from ${['itself', ...lower].join(', ')} only. Features meet in src/workbench.ts.`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      // The sandbox sends what the editor reads: the format of webhooks is written once.
      to: {
        path: '^src/',
        pathNot: `^src/(${[folder, ...lower, ...(folder === 'sandbox' ? ['api/webhooks'] : [])].join('|')})/`,
      },
    })),
    {
      name: 'nouns-stand-on-organizations',
      comment: 'A noun of Scalekit’s knows organizations and itself; what joins the nouns is in src/resources itself.',
      severity: 'error',
      from: { path: `^src/resources/(${nouns.join('|')})/` },
      to: { path: '^src/resources/', pathNot: '^src/resources/($1|organizations)/' },
    },
    {
      name: 'plain-node',
      comment: 'api and sandbox run without VS Code.',
      severity: 'error',
      from: { path: '^src/(api|sandbox)/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'no-dev-code-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
  },
};
