import type { SyntaxNode, Tree } from '@lezer/common';
import { sdkMethods, sdkOptions } from 'scalekit:sdk-members';
import type { Finding } from '../finding';
import { JavascriptNames, NODES_A_STEP, textIn } from './javascriptNames';
import { closestName } from './closestName';
import { argumentsOf, childrenOf, isInError, Source } from './syntax';

/** What can be seen for certain in one JavaScript or TypeScript file that uses the SDK. */
export function* javascriptFindings(tree: Tree, text: string): Generator<void, Finding[]> {
  const source = new Source(text);
  const names = yield* JavascriptNames.read(tree, source);
  const file = new JavascriptFile(source, names);
  const findings: Finding[] = [];
  let visited = 0;
  for (const cursor = tree.cursor(); ; ) {
    if (/^(?:CallExpression|NewExpression|MemberExpression|BinaryExpression|PatternProperty)$/.test(cursor.name)) {
      const { node } = cursor;
      const found = file.findingsAt(node);
      if (found.length > 0 && !isInError(node)) findings.push(...found);
    }
    if (visited++ % NODES_A_STEP === 0) yield;
    if (!cursor.next()) break;
  }
  return findings.sort((a, b) => a.start - b.start);
}

/** Parts that are private in the SDK's types but are there. */
const PRIVATE_PARTS = new Set(['coreClient', 'grpcConnect']);
/** Methods that every object has. */
const EVERY_OBJECT = new Set(Object.getOwnPropertyNames(Object.prototype));
const STATES = /^(?:ACTIVE|EXPIRED|PENDING_AUTH|PENDING_VERIFICATION|DISCONNECTED|PENDING|REVOKED|INACTIVE)$/i;
const ROUTE_METHODS = /^(?:get|post|put|patch|delete|use|all|head|options)$/;
const HANDLERS = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

class JavascriptFile {
  /** Whether an Express app parses every body, and none is kept as it was sent. */
  private readonly parsesBodies: boolean;

  constructor(
    private readonly source: Source,
    private readonly names: JavascriptNames,
  ) {
    const { text } = source;
    this.parsesBodies =
      /\bapp\.use\(\s*(?:express|bodyParser)\.json\(\s*\)\s*\)/.test(text) &&
      !/\braw\b|rawBody|\.text\(|verify\s*:|verify\s*\(/i.test(text);
  }

  findingsAt(node: SyntaxNode): readonly Finding[] {
    switch (node.name) {
      case 'CallExpression':
        return this.callFindings(node);
      case 'NewExpression':
        return this.newFindings(node);
      case 'MemberExpression':
        return this.claimFindings(node);
      case 'PatternProperty':
        return this.patternFindings(node);
      default:
        return this.statusFindings(node);
    }
  }

  private callFindings(call: SyntaxNode): readonly Finding[] {
    const found = this.names.clientCall(call);
    if (found === undefined) return [];
    const { path, name } = found;
    const [first, second] = path;
    if (first === undefined) return [];
    const part = this.source.of(first);
    const isPart = part !== '' && Object.hasOwn(sdkMethods, part);
    if (path.length > 2 || PRIVATE_PARTS.has(part)) return [];
    const method = second ?? first;
    const known = second === undefined ? sdkMethods[''] : isPart ? sdkMethods[part] : undefined;
    const methodName = this.source.of(method);
    if (known === undefined ? !isPart : !known.includes(methodName)) {
      if (EVERY_OBJECT.has(methodName) || (second !== undefined && sdkMethods['']?.includes(part))) return [];
      return [this.unknownMethod(path, name, part, isPart)];
    }
    const given = argumentsOf(call);
    if (name === 'getLogoutUrl') {
      const logout = this.logoutFindings(call, given);
      if (logout.length > 0) return logout;
    }
    return [
      ...this.optionFindings(name, given),
      ...(/^verify(?:Webhook|Interceptor)Payload$/.test(name) ? this.webhookFindings(given) : []),
    ];
  }

  private unknownMethod(path: readonly SyntaxNode[], name: string, part: string, isPart: boolean): Finding {
    const start = path[0]?.from ?? 0;
    const end = path.at(-1)?.to ?? start;
    const replacement = /^webhooks?\.(?:verify|construct)/.test(name)
      ? 'verifyWebhookPayload'
      : isPart && path.length === 2
        ? closestName(
            name,
            (sdkMethods[part] ?? []).map((method) => `${part}.${method}`),
          )
        : closestName(
            name,
            path.length === 1
              ? (sdkMethods[''] ?? [])
              : Object.entries(sdkMethods).flatMap(([each, methods]) => methods.map((method) => `${each}.${method}`)),
          );
    return {
      check: 'sdkMethods',
      start,
      end,
      names: [name, ...(replacement === undefined ? [] : [replacement])],
      // The arguments of another method may be others, so only a slip in the name is corrected.
      fix: replacement === undefined || name.startsWith('webhook') ? undefined : [{ start, end, text: replacement }],
    };
  }

  private logoutFindings(call: SyntaxNode, given: readonly SyntaxNode[]): readonly Finding[] {
    const [first, second] = given;
    if (first === undefined || first.name === 'Spread') return [];
    const isText = /^(?:String|TemplateString)$/.test(first.name);
    if (second === undefined ? !isText : first.name === 'ObjectExpression') return [];
    const list = call.getChild('ArgList');
    const text =
      second === undefined || given.length > 2
        ? undefined
        : `({ idTokenHint: ${this.source.of(first)}, postLogoutRedirectUri: ${this.source.of(second)} })`;
    return [
      {
        check: 'logoutUrls',
        start: first.from,
        end: (given.at(-1) ?? first).to,
        fix: text === undefined || list === null ? undefined : [{ start: list.from, end: list.to, text }],
      },
    ];
  }

  private optionFindings(name: string, given: readonly SyntaxNode[]): Finding[] {
    return (sdkOptions[name] ?? []).flatMap(([position, known]) => {
      const argument = given[position];
      if (argument?.name !== 'ObjectExpression' || given.slice(0, position).some((each) => each.name === 'Spread'))
        return [];
      return argument.getChildren('Property').flatMap((property) => {
        const key = property.firstChild;
        if (key === null || !/^(?:PropertyDefinition|String)$/.test(key.name)) return [];
        const option = textIn(this.source.of(key));
        if (known.includes(option)) return [];
        const intended = closestName(option, known);
        const isShorthand = property.firstChild?.nextSibling === null;
        return [
          {
            check: 'sdkOptions' as const,
            start: key.from,
            end: key.to,
            names: [name, option, ...(intended === undefined ? [] : [intended])],
            fix:
              intended === undefined ||
              argument.getChildren('Property').some((each) => this.source.of(each.firstChild) === intended)
                ? undefined
                : [{ start: key.from, end: key.to, text: isShorthand ? `${intended}: ${option}` : intended }],
          },
        ];
      });
    });
  }

  private webhookFindings([, headers, payload]: readonly SyntaxNode[]): Finding[] {
    const findings: Finding[] = [];
    if (
      headers?.name === 'MemberExpression' &&
      this.source.of(headers.lastChild) === 'headers' &&
      this.names.kindOf(headers.firstChild) === 'fetchRequest'
    )
      findings.push({
        check: 'webhookHeaders',
        start: headers.from,
        end: headers.to,
        fix: [{ start: headers.from, end: headers.to, text: `Object.fromEntries(${this.source.of(headers)})` }],
      });
    const variant = this.parsedBody(payload);
    if (payload !== undefined && variant !== undefined)
      findings.push({ check: 'parsedBodies', start: payload.from, end: payload.to, variant });
    return findings;
  }

  /** How the body was changed before its signature is checked. */
  private parsedBody(payload: SyntaxNode | undefined): string | undefined {
    const value = this.names.unwrapped(payload ?? null);
    if (value === null) return undefined;
    if (value.name === 'ObjectExpression' || this.names.kindOf(value) === 'parsed') return 'parsed';
    const isBody = (node: SyntaxNode | undefined): boolean =>
      node?.name === 'MemberExpression' &&
      this.source.of(node.lastChild) === 'body' &&
      /^(?:req|request)$/.test(this.source.of(node.firstChild));
    if (isBody(value)) return this.parsesBodies ? 'parsed' : undefined;
    if (value.name !== 'CallExpression') return undefined;
    const [only] = argumentsOf(value);
    if (
      this.source.of(value.firstChild) === 'JSON.stringify' &&
      only !== undefined &&
      (isBody(only) || this.names.kindOf(only) === 'parsed' || this.isJsonCall(only))
    )
      return 'written';
    return this.isJsonCall(value) ? 'parsed' : undefined;
  }

  private isJsonCall(node: SyntaxNode): boolean {
    const call = this.names.unwrapped(node);
    return (
      call?.name === 'CallExpression' &&
      /^(?:req|request)\.json$/.test(this.source.of(call.firstChild)) &&
      argumentsOf(call).length === 0
    );
  }

  private claimFindings(member: SyntaxNode): readonly Finding[] {
    const property = member.lastChild;
    if (property?.name !== 'PropertyName' || this.source.of(property) !== 'org_id') return [];
    const object = this.names.unwrapped(member.firstChild);
    if (this.names.kindOf(object) !== 'claims') return [];
    return [this.wrongClaim(property, 'oid')];
  }

  private patternFindings(property: SyntaxNode): readonly Finding[] {
    const definition = property.getChild('VariableDefinition');
    const key = property.getChild('PropertyName') ?? definition;
    if (key === null || this.source.of(key) !== 'org_id') return [];
    const value = property.parent?.nextSibling?.name === 'Equals' ? property.parent.nextSibling.nextSibling : null;
    const call = this.names.unwrapped(value);
    const isClaims =
      this.names.kindOf(call) === 'claims' ||
      (call?.name === 'CallExpression' && this.names.clientCall(call)?.name === 'validateToken');
    return isClaims ? [this.wrongClaim(key, key === definition ? 'oid: org_id' : 'oid')] : [];
  }

  private wrongClaim({ from, to }: SyntaxNode, text: string): Finding {
    return { check: 'organizationClaims', start: from, end: to, fix: [{ start: from, end: to, text }] };
  }

  private statusFindings(comparison: SyntaxNode): readonly Finding[] {
    const [left, operator, right] = childrenOf(comparison);
    if (
      left === undefined ||
      right === undefined ||
      operator?.name !== 'CompareOp' ||
      !/^[!=]==?$/.test(this.source.of(operator))
    )
      return [];
    const [status, literal] = right.name === 'String' ? [left, right] : [right, left];
    if (literal.name !== 'String' || !STATES.test(textIn(this.source.of(literal)))) return [];
    const member = this.names.unwrapped(status);
    if (member?.name !== 'MemberExpression' || this.source.of(member.lastChild) !== 'status') return [];
    return this.names.kindOf(member.firstChild) === 'account'
      ? [{ check: 'statusTexts', start: literal.from, end: literal.to, names: [textIn(this.source.of(literal))] }]
      : [];
  }

  private newFindings(created: SyntaxNode): readonly Finding[] {
    if (!this.names.isNewClient(created)) return [];
    if (created.parent?.name !== 'VariableDeclaration') return [];
    const handler = this.handlerOf(created);
    if (handler === undefined) return [];
    const parameters = handler.getChild('ParamList');
    const own =
      parameters === null ? [] : [...this.source.of(parameters).matchAll(/[A-Za-z_$][\w$]*/g)].map(([word]) => word);
    const given = this.source.of(created.getChild('ArgList'));
    // A client for each customer needs what the request says.
    const isVaried = own.some((word) => new RegExp(`(?<![\\w$.])${word.replaceAll('$', '\\$')}(?![\\w$])`).test(given));
    return isVaried ? [] : [{ check: 'clientsPerRequest', start: created.from, end: created.to }];
  }

  /** The function that runs for each request and directly contains a node. */
  private handlerOf(node: SyntaxNode): SyntaxNode | undefined {
    let inner: SyntaxNode | null = node.parent;
    while (
      inner !== null &&
      !/^(?:ArrowFunction|FunctionExpression|FunctionDeclaration|MethodDeclaration|ClassBody)$/.test(inner.name)
    )
      inner = inner.parent;
    if (inner === null) return undefined;
    if (inner.name === 'FunctionDeclaration')
      return inner.parent?.name === 'ExportDeclaration' &&
        HANDLERS.test(this.source.of(inner.getChild('VariableDefinition')))
        ? inner
        : undefined;
    if (inner.name !== 'ArrowFunction' && inner.name !== 'FunctionExpression') return undefined;
    const list = inner.parent;
    const call = list?.parent;
    if (list?.name !== 'ArgList' || call?.name !== 'CallExpression') return undefined;
    const [route] = argumentsOf(call);
    const callee = call.firstChild;
    return callee?.name === 'MemberExpression' &&
      ROUTE_METHODS.test(this.source.of(callee.lastChild)) &&
      route?.name === 'String' &&
      /^['"]\//.test(this.source.of(route))
      ? inner
      : undefined;
  }
}
