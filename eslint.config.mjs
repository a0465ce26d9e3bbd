import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Imports point one way: extension.ts -> features -> editor, api. `api` and `sandbox` stand alone, and a feature reaches
 * another only through what extension.ts hands it. `forbid(own folder, the folders it must not see)` holds that.
 */
const features = ['environments', 'tokens', 'requests', 'explorer', 'documents', 'agents'];
const noBarrelOrDefault = [
  { selector: 'ExportDefaultDeclaration', message: 'No default exports: the name belongs to the thing.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that holds the thing.' },
];

function forbid(folder, others, { vscode = false } = {}) {
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: vscode ? [{ name: 'vscode', message: `src/${folder} runs in plain Node.` }] : [],
          patterns: [
            {
              regex: `^(\\.\\./)+(${[...others, 'extension'].join('|')})(/|$|\\.)`,
              message: `src/${folder} must not import this: see "Layout" in CONTRIBUTING.md.`,
            },
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/', '**/*.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', ...noBarrelOrDefault],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
    rules: { 'no-restricted-syntax': 'off' },
  },
  forbid('api', [...features, 'editor', 'sandbox'], { vscode: true }),
  forbid('sandbox', [...features, 'editor', 'api'], { vscode: true }),
  forbid('editor', [...features, 'sandbox']),
  ...features.map((feature) => forbid(feature, [...features.filter((other) => other !== feature), 'sandbox'])),
);
