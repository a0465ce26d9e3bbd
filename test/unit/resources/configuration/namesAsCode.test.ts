import assert from 'node:assert/strict';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import ts from 'typescript';
import { namesAsCode } from '../../../../src/resources/configuration/namesAsCode';

const context = createContext({});

function unionOf(code: string): string[] {
  const [statement, ...more] = ts.createSourceFile('names.ts', code, ts.ScriptTarget.ES2022).statements;
  assert.ok(statement !== undefined && ts.isTypeAliasDeclaration(statement) && more.length === 0, code);
  const types = ts.isUnionTypeNode(statement.type) ? [...statement.type.types] : [statement.type];
  return types.map((type) =>
    ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? type.literal.text : assert.fail(code),
  );
}

/** The object as a running program sees it. */
function constantsOf(code: string): Record<string, string> {
  const object = code.slice('export const Role = '.length, code.lastIndexOf(' as const;'));
  return runInContext(`(${object})`, context) as Record<string, string>;
}

function syntaxErrors(code: string): unknown[] {
  return (
    ts.transpileModule(code, { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ES2022 } })
      .diagnostics ?? []
  ).map(({ messageText }) => messageText);
}

const hostile = [
  '__proto__',
  'constructor',
  "it's",
  'a\\b',
  'a\nb',
  '\u2028',
  '\u202eevil',
  '2fa',
  '',
  ' ',
  '`${x}`',
  '*/',
  '😀',
  '\ud800',
  'class',
];

describe('Names as code', () => {
  it('become a union type with a name on each line', () => {
    assert.equal(
      namesAsCode(['admin', 'usr:read'], 'union', 'Role'),
      "export type Role =\n  | 'admin'\n  | 'usr:read';\n",
    );
  });

  it('become an object of constants and a type of its values', () => {
    assert.equal(
      namesAsCode(['admin', 'usr:read', 'contentEditor'], 'constants', 'Role'),
      "export const Role = {\n  ADMIN: 'admin',\n  USR_READ: 'usr:read',\n  CONTENT_EDITOR: 'contentEditor',\n} as const;\n\nexport type Role = (typeof Role)[keyof typeof Role];\n",
    );
  });

  it('become lines with each name once', () => {
    assert.equal(namesAsCode(['admin', 'member', 'admin'], 'lines', 'Role'), 'admin\nmember');
  });

  it('become the type never if there are none', () => {
    assert.equal(namesAsCode([], 'union', 'Role'), 'export type Role = never;\n');
    assert.deepEqual(Object.keys(constantsOf(namesAsCode([], 'constants', 'Role'))), []);
  });

  it('have different keys even if capitalization would make them equal', () => {
    assert.deepEqual(
      { ...constantsOf(namesAsCode(['usr:read', 'usr_read', 'other'], 'constants', 'Role')) },
      { 'usr:read': 'usr:read', usr_read: 'usr_read', OTHER: 'other' },
    );
    assert.deepEqual(
      { ...constantsOf(namesAsCode(['_a', 'a', 'A'], 'constants', 'Role')) },
      { _a: '_a', a: 'a', A: 'A' },
    );
  });

  it('stay the same if they could end a literal, are invisible or are special in JavaScript', () => {
    assert.deepEqual(unionOf(namesAsCode(hostile, 'union', 'Role')), hostile);
    for (const format of ['union', 'constants'] as const)
      assert.deepEqual(syntaxErrors(namesAsCode(hostile, format, 'Role')), []);
    const constants = constantsOf(namesAsCode(hostile, 'constants', 'Role'));
    assert.deepEqual(Object.values(constants), hostile);
    assert.ok(!/[\u2028\u202e\ud800]/.test(namesAsCode(hostile, 'union', 'Role')), 'what is not seen is escaped');
  });

  it('can be read back, whatever they are', () => {
    const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
    const names = fc.uniqueArray(
      fc.oneof(fc.stringMatching(/^[a-zA-Z0-9_:]{1,6}$/), fc.string({ unit: codeUnit, maxLength: 6 })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(names, (all) => {
        if (all.length > 0) assert.deepEqual(unionOf(namesAsCode(all, 'union', 'Role')), all);
        // An object's integer keys come first, whatever their order in the code.
        assert.deepEqual(Object.values(constantsOf(namesAsCode(all, 'constants', 'Role'))).sort(), [...all].sort());
      }),
      { numRuns: 40 },
    );
  });
});
