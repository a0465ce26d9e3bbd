import type { SyntaxNode, Tree } from '@lezer/common';
import { argumentsOf, childrenOf, type Source } from './syntax';

/**
 * What a name stands for in the whole file. `class`: the SDK's client class. `client`: a client of it. `claims`: what
 * `validateToken` gives. `account`: a connected account, `accountResponse`: what has one. `parsed`: a parsed body.
 * `fetchRequest`: a request of the Fetch API.
 */
export type NameKind = 'class' | 'client' | 'claims' | 'account' | 'accountResponse' | 'parsed' | 'fetchRequest';

const PACKAGE = '@scalekit-sdk/node';
const CLASSES = new Set(['Scalekit', 'ScalekitClient', 'default']);
const ACCOUNT_METHODS =
  /^(?:(?:actions\.(?:getConnectedAccount|getOrCreateConnectedAccount|createConnectedAccount|updateConnectedAccount))|(?:connectedAccounts\.(?:getConnectedAccountByIdentifier|getOrCreateConnectedAccount|createConnectedAccount|updateConnectedAccount)))$/;
const FETCH_TYPES = /^(?:NextRequest|Request)$/;

/** How many nodes are looked at in a step. */
export const NODES_A_STEP = 100;

/** A name at one place, and what it stands for there. Undefined: that place doesn't say. */
type Naming = readonly [name: string, kind: NameKind | 'other' | undefined];

const FUNCTION = /^(?:ArrowFunction|FunctionExpression|FunctionDeclaration|MethodDeclaration)$/;
/** The scopes of what is outside of all functions, and of the properties of `this`. */
const FILE = -1;
const THIS = -2;

/**
 * What the names in a JavaScript or TypeScript file stand for, function by function. A name that stands for different
 * things within one function is left out, so that nothing is said about the wrong one.
 */
export class JavascriptNames {
  /** By name, and by where the function begins that declares it. */
  private readonly kinds = new Map<string, Map<number, NameKind | 'other'>>();

  private constructor(private readonly source: Source) {}

  /** Reads a tree three times: the imports, the clients, then what their calls give. */
  static *read(tree: Tree, source: Source): Generator<void, JavascriptNames> {
    const names = new JavascriptNames(source);
    for (const read of [names.readClass, names.readClient, names.readResult]) {
      const declared: { readonly naming: Naming; readonly scope: number }[] = [];
      const assigned: { readonly naming: Naming; readonly node: SyntaxNode }[] = [];
      let visited = 0;
      for (const cursor = tree.cursor(); ; ) {
        const { node } = cursor;
        for (const naming of read.call(names, node)) {
          if (node.name === 'AssignmentExpression') assigned.push({ naming, node });
          else declared.push({ naming, scope: naming[0].startsWith('this.') ? THIS : scopeOf(node) });
        }
        if (visited++ % NODES_A_STEP === 0) yield;
        if (!cursor.next()) break;
      }
      const found = new Map<string, Map<number, NameKind | 'other' | undefined>>();
      const note = ([name, kind]: Naming, scope: number): void => {
        const scopes = found.get(name) ?? new Map<number, NameKind | 'other' | undefined>();
        found.set(name, scopes);
        const known = scopes.get(scope);
        scopes.set(scope, known === undefined || kind === undefined || known === kind ? (kind ?? known) : 'other');
      };
      for (const { naming, scope } of declared) note(naming, scope);
      for (const { naming, node } of assigned) {
        const scopes = found.get(naming[0]);
        note(
          naming,
          naming[0].startsWith('this.') ? THIS : (scopesAround(node).find((scope) => scopes?.has(scope)) ?? FILE),
        );
      }
      for (const [name, scopes] of found)
        for (const [scope, kind] of scopes) if (kind !== undefined) names.note(name, scope, kind);
    }
    return names;
  }

  private note(name: string, scope: number, kind: NameKind | 'other'): void {
    const scopes = this.kinds.get(name) ?? new Map<number, NameKind | 'other'>();
    this.kinds.set(name, scopes.set(scope, kind));
  }

  /** What a name or a property of `this` stands for. */
  kindOf(node: SyntaxNode | null): NameKind | undefined {
    if (node === null) return undefined;
    if (node.name === 'VariableName' || isOfThis(node)) return this.kindOfName(this.source.of(node), node);
    if (node.name === 'MemberExpression') {
      const [object] = childrenOf(node);
      if (this.memberName(node) === 'connectedAccount' && this.kindOf(object ?? null) === 'accountResponse')
        return 'account';
      return undefined;
    }
    return this.isWrapper(node) ? this.kindOf(this.unwrapped(node)) : undefined;
  }

  /** The part and the method of a call of a client, such as `['actions', 'executeTool']`; undefined for other calls. */
  clientCall(call: SyntaxNode): { readonly path: readonly SyntaxNode[]; readonly name: string } | undefined {
    const path: SyntaxNode[] = [];
    let node = call.firstChild;
    while (node?.name === 'MemberExpression') {
      if (this.kindOf(node) === 'client') break;
      const property = node.lastChild;
      if (property?.name !== 'PropertyName') return undefined;
      path.unshift(property);
      node = node.firstChild;
      while (node !== null && this.isWrapper(node)) node = this.unwrapped(node);
    }
    return this.kindOf(node) === 'client' && path.length > 0
      ? { path, name: path.map((each) => this.source.of(each)).join('.') }
      : undefined;
  }

  /** An expression without `await`, parentheses, `!` and `as`. */
  unwrapped(node: SyntaxNode | null): SyntaxNode | null {
    let inner = node;
    while (inner !== null && this.isWrapper(inner)) {
      inner = childrenOf(inner).find(({ name }) => !/^(?:await|[()!]|as|satisfies|LogicOp)$/.test(name)) ?? null;
    }
    return inner;
  }

  private isWrapper({ name }: SyntaxNode): boolean {
    return name === 'AwaitExpression' || name === 'ParenthesizedExpression' || name === 'PostfixExpression';
  }

  private memberName(node: SyntaxNode): string {
    return node.lastChild?.name === 'PropertyName' ? this.source.of(node.lastChild) : '';
  }

  private kindOfName(name: string, node: SyntaxNode): NameKind | undefined {
    const kind = this.anyKindOf(name, node);
    return kind === 'other' ? undefined : kind;
  }

  private anyKindOf(name: string, node: SyntaxNode): NameKind | 'other' | undefined {
    const scopes = this.kinds.get(name);
    if (scopes === undefined) return undefined;
    const scope = name.startsWith('this.') ? THIS : scopesAround(node).find((each) => scopes.has(each));
    return scope === undefined ? undefined : scopes.get(scope);
  }

  /** The names that this node declares or assigns, and what they then stand for. Undefined: it doesn't say. */
  private *defined(
    node: SyntaxNode,
    kindOf: (value: SyntaxNode | null, type: SyntaxNode | null) => NameKind | undefined,
  ): Generator<Naming> {
    const { source } = this;
    if (node.name === 'VariableDefinition') {
      const parent = node.parent;
      if (parent === null || /^Import|^PatternProperty$|Type/.test(parent.name)) return;
      const { type, value } = this.afterDefinition(node);
      const isEmpty =
        value === null
          ? parent.name === 'VariableDeclaration' && type === null
          : /^(?:null|undefined)$/.test(source.of(value));
      const kind = kindOf(value, type) ?? (isEmpty ? undefined : 'other');
      yield [source.of(node), kind];
      if (
        parent.name === 'ParamList' &&
        node.prevSibling !== null &&
        /^(?:Privacy|readonly)$/.test(node.prevSibling.name)
      )
        yield [`this.${source.of(node)}`, kind];
    } else if (node.name === 'PropertyDeclaration') {
      const name = node.getChild('PropertyDefinition');
      if (name === null) return;
      const { type, value } = this.afterDefinition(name);
      yield [`this.${source.of(name)}`, kindOf(value, type) ?? (value === null && type === null ? undefined : 'other')];
    } else if (node.name === 'AssignmentExpression') {
      const [target, , value] = childrenOf(node);
      if (target === undefined || value === undefined || !(target.name === 'VariableName' || isOfThis(target))) return;
      if (/^(?:null|undefined)$/.test(source.of(value))) return;
      yield [source.of(target), kindOf(value, null) ?? 'other'];
    }
  }

  private afterDefinition(name: SyntaxNode): { readonly type: SyntaxNode | null; readonly value: SyntaxNode | null } {
    let type: SyntaxNode | null = null;
    for (let next = name.nextSibling; next !== null; next = next.nextSibling) {
      if (next.name === 'TypeAnnotation') type = next;
      else if (next.name === 'Equals') return { type, value: next.nextSibling };
      else if (!/^(?:LogicOp|Optional|\?|!)$/.test(next.name)) break;
    }
    return { type, value: null };
  }

  private *readClass(node: SyntaxNode): Generator<Naming> {
    const { source } = this;
    if (node.name === 'ImportDeclaration') {
      if (textIn(source.of(node.getChild('String'))) !== PACKAGE) return;
      for (const child of childrenOf(node))
        if (child.name === 'VariableDefinition' && child.prevSibling?.name === 'import')
          yield [source.of(child), 'class'];
      const group = node.getChild('ImportGroup');
      let imported = '';
      for (const child of group === null ? [] : childrenOf(group)) {
        if (child.name === 'VariableName') imported = source.of(child);
        else if (child.name === 'VariableDefinition') {
          if (CLASSES.has(imported === '' ? source.of(child) : imported)) yield [source.of(child), 'class'];
          imported = '';
        } else if (child.name === ',') imported = '';
      }
    } else if (node.name === 'VariableDeclaration') {
      const pattern = node.getChild('ObjectPattern');
      if (pattern === null || !this.isRequired(this.afterDefinition(pattern).value)) return;
      for (const property of pattern.getChildren('PatternProperty')) {
        const own = property.getChild('VariableDefinition');
        if (own !== null && CLASSES.has(source.of(property.getChild('PropertyName') ?? own)))
          yield [source.of(own), 'class'];
      }
    } else if (node.name === 'VariableDefinition' && this.isRequired(this.afterDefinition(node).value))
      yield [source.of(node), 'class'];
  }

  private isRequired(value: SyntaxNode | null): boolean {
    const member =
      value?.name === 'MemberExpression' && /^(?:Scalekit|ScalekitClient|default)$/.test(this.memberName(value))
        ? value.firstChild
        : value;
    return new RegExp(`^require\\(\\s*['"]${PACKAGE}['"]\\s*\\)$`).test(this.source.of(member));
  }

  private *readClient(node: SyntaxNode): Generator<Naming> {
    // `({ scalekit }) => …` may be anything.
    const picked = node.name === 'PatternProperty' ? node.getChild('VariableDefinition') : null;
    if (picked !== null && !this.isRequiredPattern(node.parent)) yield [this.source.of(picked), 'other'];
    if (this.isClassDefinition(node)) return;
    yield* this.defined(node, (value, type) => this.clientKind(value, type));
  }

  private isRequiredPattern(pattern: SyntaxNode | null): boolean {
    return pattern !== null && this.isRequired(this.afterDefinition(pattern).value);
  }

  private isClassDefinition(node: SyntaxNode): boolean {
    return node.name === 'VariableDefinition' && this.isRequired(this.afterDefinition(node).value);
  }

  private clientKind(value: SyntaxNode | null, type: SyntaxNode | null): NameKind | undefined {
    if (this.isNewClient(this.unwrapped(value))) return 'client';
    // `Scalekit | null` is one too, where it's used.
    const words =
      type === null
        ? []
        : this.source
            .of(type)
            .replace(/^:/, '')
            .split('|')
            .map((word) => word.trim());
    const named = words.filter((word) => word !== 'null' && word !== 'undefined');
    return named.length === 1 &&
      named[0] !== undefined &&
      type !== null &&
      this.kindOfName(named[0], type) === 'class' &&
      (value === null || /^(?:null|undefined)$/.test(this.source.of(value)))
      ? 'client'
      : undefined;
  }

  /** Whether an expression makes a client. */
  isNewClient(node: SyntaxNode | null): boolean {
    const name = node?.name === 'NewExpression' ? node.getChild('VariableName') : null;
    return name !== null && this.kindOfName(this.source.of(name), name) === 'class';
  }

  private *readResult(node: SyntaxNode): Generator<Naming> {
    for (const [name, kind] of this.defined(node, (value, type) => this.resultKind(value, type))) {
      const known = this.anyKindOf(name, node);
      if (known !== 'class' && known !== 'client') yield [name, kind];
    }
    if (node.name !== 'PatternProperty') return;
    const own = node.getChild('VariableDefinition');
    const pattern = node.parent;
    if (own === null || pattern === null) return;
    if (this.isRequiredPattern(pattern)) return;
    const { value } = this.afterDefinition(pattern);
    const property = this.source.of(node.getChild('PropertyName') ?? own);
    const isAccount = property === 'connectedAccount' && this.resultKind(value, null) === 'accountResponse';
    yield [this.source.of(own), isAccount ? 'account' : 'other'];
  }

  private resultKind(value: SyntaxNode | null, type: SyntaxNode | null): NameKind | undefined {
    if (value === null) {
      const name = type === null ? '' : this.source.of(type).replace(/^:\s*/, '');
      return FETCH_TYPES.test(name) ? 'fetchRequest' : undefined;
    }
    const inner = this.unwrapped(value);
    if (inner === null) return undefined;
    if (
      inner.name === 'MemberExpression' &&
      this.memberName(inner) === 'connectedAccount' &&
      this.resultKind(inner.firstChild, null) === 'accountResponse'
    )
      return 'account';
    if (inner.name !== 'CallExpression') return undefined;
    const isAwaited = value.name === 'AwaitExpression' || value.getChild('AwaitExpression') !== null;
    const call = this.clientCall(inner);
    if (call?.name === 'validateToken' && isAwaited) return 'claims';
    if (call !== undefined && isAwaited && ACCOUNT_METHODS.test(call.name)) return 'accountResponse';
    const callee = this.source.of(inner.firstChild);
    if (/^JSON\.parse$/.test(callee) || (isAwaited && /^\w+\.json$/.test(callee) && argumentsOf(inner).length === 0))
      return 'parsed';
    return undefined;
  }
}

/** Where the functions around a node begin, the inner ones first, and then the file. */
function scopesAround(node: SyntaxNode): number[] {
  const scopes: number[] = [];
  for (let above: SyntaxNode | null = node; above !== null; above = above.parent)
    if (FUNCTION.test(above.name)) scopes.push(above.from);
  return [...scopes, FILE];
}

/** The scope of a declaration. A function's own name belongs to what is around it. */
function scopeOf(node: SyntaxNode): number {
  const from = node.parent?.name === 'FunctionDeclaration' ? node.parent.parent : node;
  return (from === null ? undefined : scopesAround(from)[0]) ?? FILE;
}

/** `this.name` */
function isOfThis(node: SyntaxNode): boolean {
  return (
    node.name === 'MemberExpression' && node.firstChild?.name === 'this' && node.lastChild?.name === 'PropertyName'
  );
}

/** A string without its quotation marks. */
export function textIn(literal: string): string {
  return literal.replace(/^['"`]|['"`]$/g, '');
}
