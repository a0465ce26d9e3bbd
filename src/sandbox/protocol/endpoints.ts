import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { readMethodOptions, type HttpBinding, type MethodOptions } from './methodOptions';

/** A method of the API with everything its descriptor says about it. */
export interface ApiMethod extends MethodOptions {
  readonly service: DescService;
  readonly method: DescMethod;
  /** The gRPC path, for example `/scalekit.v1.organizations.OrganizationService/ListOrganization`. */
  readonly grpcPath: string;
  /** HTTP status of success: the one its OpenAPI operation documents, or 200. */
  readonly successStatus: number;
}

/** One REST endpoint: a binding of a method. */
export interface Endpoint extends HttpBinding {
  readonly api: ApiMethod;
}

/** Every method of the given services, in order. */
export function apiMethods(services: readonly DescService[]): ApiMethod[] {
  return services.flatMap((service) =>
    service.methods.map((method) => {
      const options = readMethodOptions(method);
      const successStatus = options.documentedStatuses.find((status) => status >= 200 && status < 300) ?? 200;
      return { service, method, grpcPath: `/${service.typeName}/${method.name}`, successStatus, ...options };
    }),
  );
}

/** Every REST endpoint of the given methods. */
export function restEndpoints(methods: readonly ApiMethod[]): Endpoint[] {
  return methods.flatMap((api) => api.bindings.map((binding) => ({ ...binding, api })));
}
