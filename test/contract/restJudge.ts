import assert from 'node:assert/strict';
import {
  createRegistry,
  fromJson,
  toJson,
  type DescMessage,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf';
import { anyUnpack, AnySchema, type Any } from '@bufbuild/protobuf/wkt';
import { ErrorInfoSchema, type ErrorInfo } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb';
import type { Sandbox } from '../../src/sandbox/sandboxServer';

const RENDERING = { useProtoFieldName: true, alwaysEmitImplicit: true } as const;
const errorRegistry = createRegistry(ErrorInfoSchema);

/** A response that passed the checks. */
export interface JudgedAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON as received. */
  readonly json: Record<string, unknown>;
  readonly message: T;
}

/** An error in Scalekit's form. */
export interface JudgedError {
  readonly code: number;
  readonly message: string;
  readonly info: ErrorInfo | undefined;
}

/**
 * Sends REST requests and checks each response against the SDK's own schemas. It may have nothing that they don't know,
 * and must be the same text when they render it back.
 */
export class RestJudge {
  /** How many responses were checked. */
  judged = 0;
  #token: Promise<string> | undefined;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly credentials: { readonly clientId: string; readonly clientSecret: string } = sandbox,
  ) {}

  token(): Promise<string> {
    this.#token ??= fetchToken(this.sandbox.url, this.credentials.clientId, this.credentials.clientSecret);
    return this.#token;
  }

  forgetToken(): void {
    this.#token = undefined;
  }

  /** Sends a request that must succeed with this status. `path` is the part after `/api/v1/`. */
  async send<S extends DescMessage>(
    method: string,
    path: string,
    schema: S,
    options: { readonly body?: unknown; readonly status?: number } = {},
  ): Promise<JudgedAnswer<MessageShape<S>>> {
    const { status, headers, text } = await this.#exchange(method, path, options.body);
    assert.equal(status, options.status ?? 200, `${method} ${path} returned ${status}: ${text.slice(0, 500)}`);
    const json = JSON.parse(text) as JsonValue;
    const message = fromJson(schema, json, { ignoreUnknownFields: false });
    assert.equal(
      JSON.stringify(toJson(schema, message, RENDERING)),
      text,
      `${method} ${path} renders back differently`,
    );
    this.judged++;
    return { status, headers, text, json: json as Record<string, unknown>, message };
  }

  /** Sends a request that must fail with this HTTP status. */
  async fail(
    method: string,
    path: string,
    status: number,
    options: {
      readonly body?: unknown;
      readonly rawBody?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<JudgedError> {
    const response = await this.#exchange(method, path, options.body, options.rawBody, options.headers);
    assert.equal(
      response.status,
      status,
      `${method} ${path} returned ${response.status}: ${response.text.slice(0, 500)}`,
    );
    this.judged++;
    return judgeError(response.text);
  }

  async #exchange(
    method: string,
    path: string,
    body?: unknown,
    rawBody?: string,
    headers?: Readonly<Record<string, string>>,
  ) {
    const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.sandbox.url}/api/v1/${path}`, {
      method,
      headers: headers ?? {
        authorization: `Bearer ${await this.token()}`,
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.match(response.headers.get('x-trace-id') ?? '', /^[0-9a-f]{32}$/);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

/** Reads an error body as google.rpc.Status with Scalekit's ErrorInfo, and checks that it renders back the same. */
export function judgeError(text: string): JudgedError {
  const body = JSON.parse(text) as { code: number; message: string; details: JsonValue[] };
  assert.deepEqual(Object.keys(body), ['code', 'message', 'details']);
  assert.ok(Number.isInteger(body.code) && typeof body.message === 'string' && body.message !== '', text);
  const options = { ...RENDERING, registry: errorRegistry, ignoreUnknownFields: false };
  const details: Any[] = body.details.map((detail) => fromJson(AnySchema, detail, options));
  // protobuf-es writes "@type" last. Go, the language of Scalekit's gateway, writes it first, as in the documented sample.
  const rendering = details.map((detail) => toJson(AnySchema, detail, options) as Record<string, JsonValue>);
  const rendered = {
    code: body.code,
    message: body.message,
    details: rendering.map((detail) => ({ '@type': detail['@type'], ...detail })),
  };
  assert.equal(JSON.stringify(rendered), text);
  assert.ok(details.length <= 1);
  const [detail] = details;
  const info = detail === undefined ? undefined : (anyUnpack(detail, errorRegistry) as ErrorInfo | undefined);
  if (detail !== undefined) assert.notEqual(info?.errorCode ?? '', '');
  return { code: body.code, message: body.message, info };
}

/** Fetches an access token as Scalekit's guide does. */
export async function fetchToken(url: string, clientId: string, clientSecret: string): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  });
  const body = (await response.json()) as { access_token?: string };
  assert.equal(response.status, 200, JSON.stringify(body));
  assert.ok(body.access_token !== undefined);
  return body.access_token;
}
