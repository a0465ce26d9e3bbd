import { create, type Message } from '@bufbuild/protobuf';
import type { RateLimit } from '../control/rateLimit';
import type { Authenticator } from '../oauth/authenticator';
import { ApiError, internalError } from './apiError';
import type { ApiMethod } from './endpoints';
import { CLIENT_AUTHENTICATION, NO_AUTHENTICATION } from './methodOptions';
import type { AnyHandler, Resource } from './resource';
import type { RequestValidator } from './requestValidator';

/** Runs a call of either protocol: checks who calls, what they may do and whether the request is valid, then runs its handler. */
export class Calls {
  readonly #handlers = new Map<string, AnyHandler>();

  constructor(
    resources: readonly Resource[],
    private readonly authenticator: Authenticator,
    private readonly validator: RequestValidator,
    private readonly rateLimit: RateLimit,
  ) {
    for (const { handlers } of resources) for (const [path, handler] of handlers) this.#handlers.set(path, handler);
  }

  serves(api: ApiMethod): boolean {
    return this.#handlers.has(api.grpcPath);
  }

  /**
   * @param authorization the header as received
   * @throws ApiError for anything that goes wrong. An unexpected failure becomes INTERNAL
   */
  async run(api: ApiMethod, request: Message, authorization: string | undefined): Promise<Message> {
    try {
      if (!this.rateLimit.take()) {
        throw new ApiError('RESOURCE_EXHAUSTED', 'Too many requests', { errorCode: 'RATE_LIMITED' });
      }
      const client =
        api.authenticationType === NO_AUTHENTICATION ? undefined : await this.authenticator.authenticate(authorization);
      const handler = this.#handlers.get(api.grpcPath);
      if (handler === undefined) {
        throw new ApiError('UNIMPLEMENTED', `The sandbox doesn't serve ${api.method.parent.name}.${api.method.name}`);
      }
      if (client !== undefined) {
        if ((api.authenticationType & CLIENT_AUTHENTICATION) === 0) {
          throw new ApiError('PERMISSION_DENIED', "Client credentials aren't accepted here");
        }
        this.authenticator.authorize(client, api);
      }
      await this.validator.check(api.method.input, request);
      const response = await handler(request, { client });
      return '$typeName' in response ? (response as Message) : create(api.method.output, response as never);
    } catch (error) {
      throw error instanceof ApiError ? error : internalError(error);
    }
  }
}
