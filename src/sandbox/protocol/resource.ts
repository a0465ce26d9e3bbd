import type { DescMethodUnary, DescService, Message, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { ApiClient } from '../oauth/apiClients';

/** What a handler knows about the call, apart from the request message. */
export interface Call {
  /** The client whose token was used. Absent only for methods that need no token. */
  readonly client: ApiClient | undefined;
}

/** Handlers of a service, by the method's local name. A method without a handler returns 501. */
export type Handlers<S extends DescService> = {
  readonly [M in keyof S['method']]?: S['method'][M] extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, call: Call) => MessageInitShape<O> | Promise<MessageInitShape<O>>
    : never;
};

export type AnyHandler = (request: Message, call: Call) => object | Promise<object>;

/** The methods of one service that the sandbox serves. */
export interface Resource {
  readonly service: DescService;
  /** By gRPC path. */
  readonly handlers: ReadonlyMap<string, AnyHandler>;
}

/** Joins a service with its handlers. The compiler checks each handler against the method's messages. */
export function resource<S extends DescService>(service: S, handlers: Handlers<S>): Resource {
  const byPath = new Map<string, AnyHandler>();
  for (const method of service.methods) {
    const handler = (handlers as Readonly<Record<string, unknown>>)[method.localName];
    if (handler !== undefined) byPath.set(`/${service.typeName}/${method.name}`, handler as AnyHandler);
  }
  return { service, handlers: byPath };
}
