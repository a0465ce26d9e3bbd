import {
  create,
  fromJson,
  ScalarType,
  toJson,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  type MessageShape,
} from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { ApiError } from './apiError';
import type { Endpoint } from './endpoints';

const MAX_DEPTH = 100;

/** The parts of an HTTP request that become the request message. */
export interface HttpRequestParts {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
}

/**
 * Builds the request message of an endpoint as grpc-gateway does: body, then path, then query. Unknown query parameters
 * and unknown JSON fields are ignored, as its defaults say. An unknown enum value is an error.
 * @throws ApiError INVALID_ARGUMENT, without ErrorInfo, because the real gateway responds before Scalekit sees the request
 */
export function requestMessage(endpoint: Endpoint, parts: HttpRequestParts): Message {
  const schema = endpoint.api.method.input;
  const json: JsonObject = {};
  if (endpoint.body !== '') {
    const body = parseBody(parts.body);
    if (endpoint.body === '*') {
      if (body !== undefined && body !== null) {
        if (!isObject(body)) throw gatewayError('the body must be a JSON object');
        checkEnums(schema, body);
        Object.assign(json, body);
      }
    } else if (body !== undefined) {
      const field = schema.field[localNameOf(schema, endpoint.body)];
      if (field?.message !== undefined && isObject(body)) checkEnums(field.message, body);
      json[endpoint.body] = body;
    }
  }
  for (const [name, value] of Object.entries(parts.parameters)) setText(schema, json, [name], [value]);
  if (endpoint.body !== '*') {
    for (const name of new Set(parts.query.keys())) {
      const path = name.replace(/\[([^[\]]*)\]$/, '.$1').split('.');
      const first = findField(schema, path[0] ?? '');
      if (first === undefined || first.name === endpoint.body || first.name in parts.parameters) continue;
      setText(schema, json, path, parts.query.getAll(name));
    }
  }
  try {
    const message = fromJson(schema, json, { ignoreUnknownFields: true });
    const body = json[endpoint.body];
    if (endpoint.httpMethod === 'PATCH' && body !== undefined && isObject(body))
      fillUpdateMask(schema, message, endpoint.body, body);
    return message;
  } catch (error) {
    throw gatewayError(error instanceof Error ? error.message : String(error));
  }
}

/** As grpc-gateway does for a PATCH: an update mask that wasn't sent is made from the body. */
function fillUpdateMask(schema: DescMessage, message: Message, bodyName: string, body: JsonObject): void {
  const mask = schema.fields.find(
    ({ name, message: type }) => name === 'update_mask' && type?.typeName === FieldMaskSchema.typeName,
  );
  const type = findField(schema, bodyName)?.message;
  const target = message as unknown as Record<string, unknown>;
  if (mask === undefined || type === undefined || target[mask.localName] !== undefined) return;
  const paths = Object.keys(body).flatMap((key) => findField(type, key)?.name ?? []);
  target[mask.localName] = create(FieldMaskSchema, { paths });
}

/** The JSON of a response, by the rules of protojson with proto names and all implicit defaults. */
export function responseJson<S extends DescMessage>(schema: S, message: MessageShape<S>): JsonValue {
  return toJson(schema, message, { useProtoFieldName: true, alwaysEmitImplicit: true });
}

function gatewayError(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message, null);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseBody(text: string): JsonValue | undefined {
  if (text.trim() === '') return undefined;
  if (isTooDeep(text)) throw gatewayError('exceeded max recursion depth');
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw gatewayError(`proto: syntax error: ${error instanceof Error ? error.message : 'not JSON'}`);
  }
}

/** Counts brackets outside strings, so that no parser recurses into hostile nesting. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      if (++depth > MAX_DEPTH) return true;
    } else if (character === '}' || character === ']') depth--;
  }
  return false;
}

function findField(schema: DescMessage, name: string): DescField | undefined {
  return schema.fields.find((field) => field.name === name) ?? schema.fields.find((field) => field.jsonName === name);
}

function localNameOf(schema: DescMessage, name: string): string {
  return findField(schema, name)?.localName ?? name;
}

/** Sets a field from a text in the path or query. A later member of a oneof replaces an earlier one. */
function setText(schema: DescMessage, target: JsonObject, path: readonly string[], values: readonly string[]): void {
  const field = findField(schema, path[0] ?? '');
  if (field === undefined) return;
  for (const other of field.oneof?.fields ?? []) {
    if (other === field) continue;
    delete target[other.name];
    delete target[other.jsonName];
  }
  delete target[field.jsonName];
  const rest = path.slice(1);
  if (field.fieldKind === 'map') {
    const map = isObject(target[field.name] ?? null) ? (target[field.name] as JsonObject) : {};
    map[rest.join('.')] = scalarFromText(field, values[0] ?? '');
    target[field.name] = map;
  } else if (field.fieldKind === 'list') {
    target[field.name] = values.map((value) => scalarFromText(field, value));
  } else if (field.fieldKind === 'message' && rest.length > 0) {
    const inner = isObject(target[field.name] ?? null) ? (target[field.name] as JsonObject) : {};
    target[field.name] = inner;
    setText(field.message, inner, rest, values);
  } else {
    if (values.length > 1) throw gatewayError(`too many values for field "${field.name}": ${values.join(', ')}`);
    target[field.name] = scalarFromText(field, values[0] ?? '');
  }
}

const INTEGER_RANGES: Readonly<Partial<Record<ScalarType, readonly [bigint, bigint]>>> = {
  [ScalarType.INT32]: [-(2n ** 31n), 2n ** 31n - 1n],
  [ScalarType.UINT32]: [0n, 2n ** 32n - 1n],
  [ScalarType.INT64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [ScalarType.UINT64]: [0n, 2n ** 64n - 1n],
};

function scalarFromText(field: DescField, text: string): JsonValue {
  const wrapped = field.message?.typeName.startsWith('google.protobuf.') ? field.message.fields[0] : undefined;
  const scalar = field.scalar ?? (field.message?.typeName.endsWith('Value') ? wrapped?.scalar : undefined);
  if (scalar === ScalarType.BOOL) {
    if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
    if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
    throw parseFailure(field, `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const range = scalar === undefined ? undefined : INTEGER_RANGES[scalar];
  if (range !== undefined) {
    const parser = range[0] === 0n ? 'strconv.ParseUint' : 'strconv.ParseInt';
    if (!/^[+-]?\d+$/.test(text) || (range[0] === 0n && !/^\d/.test(text))) {
      throw parseFailure(field, `${parser}: parsing ${JSON.stringify(text)}: invalid syntax`);
    }
    const value = BigInt(text);
    if (value < range[0] || value > range[1]) {
      throw parseFailure(field, `${parser}: parsing ${JSON.stringify(text)}: value out of range`);
    }
    return value.toString();
  }
  if (field.enum !== undefined) {
    if (field.enum.values.some((value) => value.name === text)) return text;
    if (/^-?\d+$/.test(text) && field.enum.values.some((value) => value.number === Number(text))) return Number(text);
    throw parseFailure(field, `${JSON.stringify(text)} is not a valid value`);
  }
  return text;
}

function parseFailure(field: DescField, reason: string): ApiError {
  return gatewayError(`parsing ${field.fieldKind === 'list' ? 'list' : 'field'} "${field.name}": ${reason}`);
}

/** Checks enum names, because protobuf-es drops unknown ones together with unknown fields, and a typo must not go unnoticed. */
function checkEnums(schema: DescMessage, json: JsonObject): void {
  for (const [key, value] of Object.entries(json)) {
    const field = findField(schema, key);
    if (field === undefined) continue;
    const values: JsonValue[] =
      field.fieldKind === 'list' && Array.isArray(value)
        ? value
        : field.fieldKind === 'map' && isObject(value)
          ? Object.values(value)
          : [value];
    for (const item of values) {
      if (
        field.enum !== undefined &&
        typeof item === 'string' &&
        !field.enum.values.some(({ name }) => name === item)
      ) {
        throw gatewayError(`invalid value for enum field ${field.name}: ${JSON.stringify(item)}`);
      }
      if (field.message !== undefined && !field.message.typeName.startsWith('google.protobuf.') && isObject(item)) {
        checkEnums(field.message, item);
      }
    }
  }
}
