import type { SyntaxNode, Tree } from '@lezer/common';
import type { Finding } from '../finding';
import { argumentsOf, childrenOf, isInError, Source } from './syntax';

const NODES_A_STEP = 100;

type NameKind = 'class' | 'module' | 'client' | 'claims' | 'parsed' | 'other';

/** What can be seen for certain in one Python file that uses the SDK. */
export function* pythonFindings(tree: Tree, text: string): Generator<void, Finding[]> {
  const file = new PythonFile(new Source(text));
  const findings: Finding[] = [];
  for (const visit of [
    (node: SyntaxNode) => file.readImport(node),
    (node: SyntaxNode) => file.readNames(node, 'client'),
    (node: SyntaxNode) => file.readNames(node, 'result'),
    (node: SyntaxNode) => {
      const found = file.findingsAt(node);
      if (found.length > 0 && !isInError(node)) findings.push(...found);
    },
  ]) {
    let visited = 0;
    for (const cursor = tree.cursor(); ; ) {
      visit(cursor.node);
      if (visited++ % NODES_A_STEP === 0) yield;
      if (!cursor.next()) break;
    }
  }
  return findings.sort((a, b) => a.start - b.start);
}

class PythonFile {
  private readonly kinds = new Map<string, NameKind>();

  constructor(private readonly source: Source) {}

  /** `from scalekit import ScalekitClient`, `import scalekit` */
  readImport(node: SyntaxNode): void {
    if (node.name !== 'ImportStatement') return;
    const [, module, , imported = ''] =
      /^(?:from\s+(scalekit(?:\.client)?)\s+(import)\s+\(?([^)]*)\)?)$/.exec(this.source.of(node)) ?? [];
    if (module === undefined) {
      if (/^import\s+scalekit$/.test(this.source.of(node))) this.kinds.set('scalekit', 'module');
      return;
    }
    for (const [, name, alias] of imported.matchAll(/(\w+)(?:\s+as\s+(\w+))?/g))
      if (name === 'ScalekitClient') this.kinds.set(alias ?? name, 'class');
  }

  /** `name = …`, and parameters, which may be anything. */
  readNames(node: SyntaxNode, stage: 'client' | 'result'): void {
    if (node.name === 'ParamList') {
      for (const child of node.getChildren('VariableName')) {
        // Names of types and defaults follow a colon or an equals sign.
        const type =
          child.nextSibling?.name === 'TypeDef' ? this.source.of(child.nextSibling).replace(/^:\s*/, '') : '';
        const isClient = this.kinds.get(type) === 'class';
        if (child.prevSibling?.name !== 'AssignOp')
          this.note(this.source.of(child), isClient ? 'client' : 'other', stage);
      }
    }
    if (node.name !== 'AssignStatement') return;
    const children = childrenOf(node);
    const [target] = children;
    const value = children.at(-1);
    if (target === undefined || value === undefined || children.filter(({ name }) => name === 'AssignOp').length !== 1)
      return;
    if (!/^(?:AssignOp|TypeDef)$/.test(children[1]?.name ?? '')) return;
    if (target.name !== 'VariableName' && !this.isOfSelf(target)) return;
    if (this.source.of(value) === 'None') return;
    this.note(this.source.of(target), this.valueKind(value), stage);
  }

  findingsAt(node: SyntaxNode): readonly Finding[] {
    if (node.name === 'CallExpression') return this.callFindings(node);
    return node.name === 'MemberExpression' ? this.claimFindings(node) : [];
  }

  private readonly noted = { client: new Map<string, NameKind>(), result: new Map<string, NameKind>() };

  private note(name: string, kind: NameKind, stage: 'client' | 'result'): void {
    const noted = this.noted[stage];
    const before = noted.get(name);
    const isMixed = stage === 'result' && kind === 'client' && this.noted.client.get(name) !== 'client';
    const now = !isMixed && (before === undefined || before === kind) ? kind : 'other';
    noted.set(name, now);
    const known = this.kinds.get(name);
    if (stage === 'client' && known === 'class' && kind !== 'class') this.kinds.set(name, 'other');
    else if (known !== 'class' && known !== 'module') this.kinds.set(name, now);
  }

  private valueKind(value: SyntaxNode): NameKind {
    if (this.isNewClient(value)) return 'client';
    const call = value.name === 'AwaitExpression' ? value.lastChild : value;
    if (call?.name !== 'CallExpression')
      return /^request\.(?:json|get_json\(\))$/.test(this.source.of(call)) ? 'parsed' : 'other';
    if (/^(?:validate_token|validate_access_token_and_get_claims)$/.test(this.clientMethod(call) ?? ''))
      return 'claims';
    return this.isParsing(value) ? 'parsed' : 'other';
  }

  private isNewClient(node: SyntaxNode): boolean {
    if (node.name !== 'CallExpression') return false;
    const callee = this.source.of(node.firstChild);
    return (
      this.kinds.get(callee) === 'class' ||
      (callee === 'scalekit.ScalekitClient' && this.kinds.get('scalekit') === 'module')
    );
  }

  /** The method of a call of a client itself. */
  private clientMethod(call: SyntaxNode): string | undefined {
    const callee = call.firstChild;
    if (callee?.name !== 'MemberExpression' || callee.lastChild?.name !== 'PropertyName') return undefined;
    return this.kinds.get(this.source.of(callee.firstChild)) === 'client'
      ? this.source.of(callee.lastChild)
      : undefined;
  }

  private isParsing(node: SyntaxNode): boolean {
    return /^(?:await\s+request\.json\(\)|request\.get_json\([^()]*\)|request\.json|json\.loads\(.*\))$/s.test(
      this.source.of(node),
    );
  }

  private isOfSelf(node: SyntaxNode): boolean {
    return node.name === 'MemberExpression' && /^self\.\w+$/.test(this.source.of(node));
  }

  private callFindings(call: SyntaxNode): readonly Finding[] {
    if (this.isNewClient(call)) return this.perRequest(call);
    const callee = call.firstChild;
    const method = this.clientMethod(call);
    if (method === undefined) {
      // `claims.get("org_id")`
      const [only] = argumentsOf(call);
      return callee?.name === 'MemberExpression' &&
        this.source.of(callee.lastChild) === 'get' &&
        this.kinds.get(this.source.of(callee.firstChild)) === 'claims'
        ? this.wrongClaim(only)
        : [];
    }
    const given = argumentsOf(call);
    if (method === 'get_logout_url') {
      // It takes one object. Further arguments, or its fields by name, are a TypeError.
      const isNamed = given[1]?.name === 'AssignOp' && this.source.of(given[0]) !== 'options';
      const isText = given[0]?.name === 'String';
      const [first] = given;
      return first !== undefined && (isNamed || isText || (given.length > 1 && given[1]?.name !== 'AssignOp'))
        ? [{ check: 'logoutUrls', start: first.from, end: (given.at(-1) ?? first).to, variant: 'python' }]
        : [];
    }
    if (!/^verify_(?:webhook|interceptor)_payload$/.test(method)) return [];
    const named = given.findIndex(
      (each, index) => this.source.of(each) === 'payload' && given[index + 1]?.name === 'AssignOp',
    );
    const payload =
      named === -1 ? (given.some(({ name }) => name === 'AssignOp') ? undefined : given[2]) : given[named + 2];
    if (payload === undefined) return [];
    const text = this.source.of(payload);
    const [, dumped] = /^json\.dumps\(\s*([\w.]+(?:\(\))?)\s*[,)]/.exec(text) ?? [];
    if (
      dumped !== undefined &&
      (this.kinds.get(dumped) === 'parsed' || /^request\.(?:json|get_json\(\))$/.test(dumped))
    )
      return [{ check: 'parsedBodies', start: payload.from, end: payload.to, variant: 'written' }];
    return this.isParsing(payload) || this.kinds.get(text) === 'parsed'
      ? [{ check: 'parsedBodies', start: payload.from, end: payload.to, variant: 'parsed' }]
      : [];
  }

  /** `claims["org_id"]` */
  private claimFindings(member: SyntaxNode): readonly Finding[] {
    if (this.kinds.get(this.source.of(member.firstChild)) !== 'claims') return [];
    return this.wrongClaim(member.getChild('String') ?? undefined);
  }

  private wrongClaim(key: SyntaxNode | undefined): readonly Finding[] {
    if (key?.name !== 'String' || !/^(['"])org_id\1$/.test(this.source.of(key))) return [];
    const quote = this.source.of(key).charAt(0);
    return [
      {
        check: 'organizationClaims',
        start: key.from,
        end: key.to,
        fix: [{ start: key.from, end: key.to, text: `${quote}oid${quote}` }],
      },
    ];
  }

  /** A client that a route's function makes for itself, whatever the request is. */
  private perRequest(call: SyntaxNode): readonly Finding[] {
    if (call.parent?.name !== 'AssignStatement' || call.parent.firstChild?.name !== 'VariableName') return [];
    let inner: SyntaxNode | null = call.parent;
    while (inner !== null && inner.name !== 'FunctionDefinition' && inner.name !== 'ClassDefinition')
      inner = inner.parent;
    const decorated = inner?.parent;
    if (inner?.name !== 'FunctionDefinition' || decorated?.name !== 'DecoratedStatement') return [];
    const isRoute = decorated
      .getChildren('Decorator')
      .some((decorator) => /^@\w+\.(?:route|get|post|put|patch|delete)\(\s*['"]\//.test(this.source.of(decorator)));
    const own = [...this.source.of(inner.getChild('ParamList')).matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word);
    const given = this.source.of(call.getChild('ArgList'));
    const isGlobal = new RegExp(`\\bglobal\\s+[\\w, ]*\\b${this.source.of(call.parent.firstChild)}\\b`).test(
      this.source.of(inner),
    );
    return isRoute && !isGlobal && !own.some((word) => new RegExp(`(?<![\\w.])${word}(?!\\w)`).test(given))
      ? [{ check: 'clientsPerRequest', start: call.from, end: call.to }]
      : [];
  }
}
