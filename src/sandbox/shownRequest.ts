import type { ApiMethod } from './protocol/endpoints';
import { optional } from './protocol/optional';
import type { ReceivedRequest } from './receivedRequests';

/** A received request as it may be shown and logged: nothing in it can be a secret, a token or a code. */
export interface ShownRequest
  extends Pick<
    ReceivedRequest,
    'time' | 'protocol' | 'method' | 'status' | 'traceId' | 'fromWorkbench' | 'milliseconds' | 'problem'
  > {
  /** Without the query. What is neither a word of the API nor an ID of the sandbox is `…`. */
  readonly path: string;
  /** The names in the query, without their values. */
  readonly query: readonly string[];
}

/** Words in the paths of what the sandbox serves beside the API. */
const OTHER_WORDS =
  'oauth authorize token userinfo introspect revoke keys oidc logout callback login code organization idp sandbox idp-initiated magicLink .well-known openid-configuration oauth-authorization-server sso saml scim v2';

/** An ID of the sandbox. Secrets begin with a word and an underscore too: it must be one of these words, and digits. */
const ID = /^(?:auth|conn|dir|dirgroup|diruser|dom|env|m2morg|org|perm|role|ses|skc|sks|spac|usr)_\d{1,24}$/;

/** A name in a query that is written as Scalekit's and OAuth's are. A token that stands there has digits, or is longer. */
const NAME = /^(?!(?:test|live|dev|prod)_)[a-z]{1,16}(?:(?:[_.]|(?=[A-Z]))[A-Z]?[a-z]{1,15}){0,3}$/;

const METHOD = /^[A-Z]{1,16}$/;
const LEFT_OUT = '…';
const LONGEST_PATH = 300;
const MOST_NAMES = 20;

/** Makes requests fit to be shown. The words of the API are those in the paths of its methods. */
export function requestViewer(methods: readonly ApiMethod[]): (request: ReceivedRequest) => ShownRequest {
  const words = new Set([
    '',
    ...OTHER_WORDS.split(' '),
    ...methods
      .flatMap(({ grpcPath, bindings }) => [grpcPath, ...bindings.map(({ template }) => template)])
      .flatMap((template) => template.split(/[/:]|\{[^{}]+\}/)),
  ]);
  const shownPart = (part: string): string => (words.has(part) || ID.test(part) ? part : LEFT_OUT);
  return ({ time, protocol, method, path: target, status, traceId, fromWorkbench, milliseconds, problem }) => {
    const start = target.indexOf('?');
    const [path, query] = start < 0 ? [target, ''] : [target.slice(0, start), target.slice(start + 1)];
    const names = [...new Set(new URLSearchParams(query).keys())].slice(0, MOST_NAMES);
    return {
      time,
      protocol,
      method: METHOD.test(method) ? method : LEFT_OUT,
      path: path
        .slice(0, LONGEST_PATH)
        .split(/([/:])/)
        .map((part) => (part === '/' || part === ':' ? part : shownPart(part)))
        .join(''),
      query: names.map((name) => (NAME.test(name) ? name : LEFT_OUT)),
      status,
      traceId,
      fromWorkbench,
      ...optional('milliseconds', milliseconds),
      ...optional('problem', problem),
    };
  };
}
