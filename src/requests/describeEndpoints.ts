import { fromBinary, ScalarType, type DescField, type DescMessage, type DescMethod } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { FieldRulesSchema, type FieldRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import type { DocumentedEndpoint, EndpointParameter } from './documentedEndpoint';

// Runs only in the build. Only its output is part of the extension.

/** A REST endpoint with its descriptor. */
export interface DescribedEndpoint {
  readonly httpMethod: string;
  /** Path template, for example `/api/v1/organizations/{id}`. */
  readonly template: string;
  readonly api: { readonly method: DescMethod };
}

// The SDK's package has no schema of these options, so protobuf-es keeps them as unknown fields.
const OPENAPI_OPERATION = 1042;
const FIELD_RULES = 1159;
const FIELD_VISIBILITY = 72295727;

/**
 * Headings and summaries that the descriptors lack, or that don't distinguish two endpoints. From Scalekit's API
 * reference (scalekit-inc/developer-docs, public/api/scalekit.scalar.json, 2026-08-21).
 */
export const WORDING: Readonly<Record<string, { readonly summary: string; readonly resource: string }>> = {
  '/api/v1/logs/authentication/requests': { summary: 'List authentication requests', resource: 'Authentication Logs' },
  '/api/v1/organizations:external/{external_id}': {
    summary: 'Get organization details by external ID',
    resource: 'Organizations',
  },
  '/api/v1/organizations/{organization_id}/domains': { summary: 'List domains', resource: 'Domains' },
  '/api/v1/organizations/{organization_id}/domains/{id}': { summary: 'Get domain', resource: 'Domains' },
  '/api/v1/tools': { summary: 'List tools', resource: 'Tool Calling' },
  '/api/v1/tools/available': { summary: 'List available tools', resource: 'Tool Calling' },
  '/api/v1/tools/scoped': { summary: 'List scoped tools', resource: 'Tool Calling' },
  '/api/v1/users:external/{external_id}': { summary: 'Get user by external ID', resource: 'Users' },
  '/api/v1/webauthn/credentials': { summary: 'List user’s passkeys', resource: 'Passkeys' },
};

/**
 * The GET endpoints as the extension offers them, grouped by resource.
 *
 * @throws Error if one has neither a summary nor a heading, so that the build fails when Scalekit's SDK changes
 */
export function describeEndpoints(endpoints: readonly DescribedEndpoint[]): DocumentedEndpoint[] {
  const described = endpoints.filter(({ httpMethod }) => httpMethod === 'GET').map(describe);
  const resources = [...new Set(described.map(({ resource }) => resource))];
  return resources.flatMap((resource) => described.filter((endpoint) => endpoint.resource === resource));
}

function describe({ template, api: { method } }: DescribedEndpoint): DocumentedEndpoint {
  const { summary, resource } = WORDING[template] ?? readOperation(method);
  if (summary === '' || resource === '') throw new Error(`${template} has no summary or no heading: add it to WORDING`);
  const inPath = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const path = inPath.map((name): EndpointParameter => {
    const field = method.input.fields.find((candidate) => candidate.name === name);
    return field === undefined ? { name } : describeField(field, name);
  });
  // Scalekit refuses another identifier of what the path already identifies, like external_id beside id.
  const alternatives = new Set(
    method.input.oneofs
      .filter(({ fields }) => fields.some(({ name }) => inPath.includes(name)))
      .flatMap(({ fields }) => fields),
  );
  const query = method.input.fields
    .filter((field) => !inPath.includes(field.name) && !alternatives.has(field))
    .flatMap((field) => describeQuery(field, ''));
  return { path: template, summary, resource, parameters: [...path, ...query] };
}

/** The query parameters of a field: one, or those of its message, for example `filter.status`. */
function describeQuery(field: DescField, prefix: string): EndpointParameter[] {
  if (isPreview(field)) return [];
  const name = `${prefix}${field.name}`;
  if (field.fieldKind === 'message' && !isSingleValue(field.message)) {
    return field.message.fields.flatMap((inner) => describeQuery(inner, `${name}.`));
  }
  return [{ ...describeField(field, name), ...(isRequired(field) ? { required: true } : {}) }];
}

function describeField(field: DescField, name: string): EndpointParameter {
  return { name, ...typeOf(field), ...limitsOf(readRules(field)) };
}

function typeOf(field: DescField): Pick<EndpointParameter, 'type' | 'repeated' | 'values'> {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarType(field.scalar);
    case 'list':
      return { ...(field.listKind === 'scalar' ? scalarType(field.scalar) : {}), repeated: true };
    case 'enum':
      return {
        values: field.enum.values.map((value) => value.name).filter((value) => !value.endsWith('_UNSPECIFIED')),
      };
    case 'message': {
      if (field.message.typeName === 'google.protobuf.Timestamp') return { type: 'time' };
      const value = field.message.fields[0];
      return value?.fieldKind === 'scalar' ? scalarType(value.scalar) : {};
    }
    default:
      throw new Error(`A query cannot hold ${field.name}`);
  }
}

function scalarType(type: ScalarType): Pick<EndpointParameter, 'type'> {
  if (type === ScalarType.STRING) return {};
  return { type: type === ScalarType.BOOL ? 'boolean' : 'number' };
}

/** Wrapper types and timestamps print as one value (docs/scalekit-api.md, 2.1). */
function isSingleValue({ typeName }: DescMessage): boolean {
  return /^google\.protobuf\.(\w+Value|Timestamp)$/.test(typeName);
}

/** `required`, or a minimum length that also applies to an empty text. An `optional` field is never required. */
function isRequired(field: DescField): boolean {
  const rules = readRules(field);
  if (field.proto.proto3Optional || rules === undefined) return false;
  return (
    field.fieldKind === 'scalar' && (rules.required || (rules.type.case === 'string' && rules.type.value.minLen > 0n))
  );
}

function limitsOf(rules: FieldRules | undefined): Pick<EndpointParameter, 'least' | 'most' | 'prefix' | 'values'> {
  const one = rules?.type.case === 'repeated' ? rules.type.value.items?.type : rules?.type;
  switch (one?.case) {
    case 'string': {
      const { minLen, maxLen, prefix, in: values } = one.value;
      if (values.length > 0) return { values: values.filter((value) => value !== '') };
      // Only a text that the user composes, like a search, needs its length stated. Ids are pasted.
      const length = minLen > 1n && maxLen > 0n ? { least: Number(minLen), most: Number(maxLen) } : {};
      return { ...length, ...(prefix ? { prefix } : {}) };
    }
    case 'uint32':
    case 'int32': {
      const { lessThan, greaterThan } = one.value;
      const most = lessThan.case === 'lte' ? lessThan.value : lessThan.case === 'lt' ? lessThan.value - 1 : undefined;
      const least =
        greaterThan.case === 'gte' ? greaterThan.value : greaterThan.case === 'gt' ? greaterThan.value + 1 : undefined;
      return { ...(least ? { least } : {}), ...(most === undefined ? {} : { most }) };
    }
    default:
      return {};
  }
}

function readRules(field: DescField): FieldRules | undefined {
  const option = field.proto.options?.$unknown?.find(({ no }) => no === FIELD_RULES);
  return option === undefined ? undefined : fromBinary(FieldRulesSchema, new BinaryReader(option.data).bytes());
}

function isPreview(field: DescField): boolean {
  return (
    field.proto.options?.$unknown?.some(
      ({ no, data }) => no === FIELD_VISIBILITY && Buffer.from(data).includes('PREVIEW'),
    ) ?? false
  );
}

/** The first tag (field 1) and the summary (field 2) of a method's OpenAPI operation; empty if absent. */
function readOperation(method: DescMethod): { summary: string; resource: string } {
  let summary = '';
  let resource = '';
  const option = method.proto.options?.$unknown?.find(({ no }) => no === OPENAPI_OPERATION);
  if (option === undefined) return { summary, resource };
  const reader = new BinaryReader(new BinaryReader(option.data).bytes());
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) resource ||= reader.string();
    else if (field === 2) summary = reader.string();
    else reader.skip(wireType, field);
  }
  return { summary, resource };
}
