import type { DescMethod } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** One way to reach a method over HTTP, from its `google.api.http` option. */
export interface HttpBinding {
  readonly httpMethod: string;
  /** Path template, for example `/api/v1/organizations/{id}`. */
  readonly template: string;
  /** The request field that the body fills, `*` for the whole request, or empty for none. */
  readonly body: string;
}

/** What the descriptors say about a method, apart from its messages. */
export interface MethodOptions {
  readonly bindings: readonly HttpBinding[];
  /** Bits of `scalekit.v1.options.AuthenticationType`. 0 if nobody may call it. */
  readonly authenticationType: number;
  /** Permissions that a caller needs, for example `organizations_read`. Often empty. */
  readonly permissions: readonly string[];
  readonly preview: boolean;
  /** Status codes that its OpenAPI operation documents. Empty if there are none. */
  readonly documentedStatuses: readonly number[];
}

export const NO_AUTHENTICATION = 1;
export const CLIENT_AUTHENTICATION = 4;

// The package's copies of these extensions are empty stubs, so protobuf-es keeps the options as unknown fields.
const OPENAPI_OPERATION = 1042;
const AUTH_OPTION = 50000;
const METHOD_VISIBILITY = 72295727;
const HTTP_RULE = 72295728;

const HTTP_METHODS: Readonly<Record<number, string>> = { 2: 'GET', 3: 'PUT', 4: 'POST', 5: 'DELETE', 6: 'PATCH' };

/** Reads the options of a method that its package describes but has no schema for. */
export function readMethodOptions(method: DescMethod): MethodOptions {
  const bindings: HttpBinding[] = [];
  const permissions: string[] = [];
  const documentedStatuses: number[] = [];
  let authenticationType = 0;
  let preview = false;
  for (const { no, data } of method.proto.options?.$unknown ?? []) {
    if (![OPENAPI_OPERATION, AUTH_OPTION, METHOD_VISIBILITY, HTTP_RULE].includes(no)) continue;
    const message = new BinaryReader(data).bytes();
    if (no === HTTP_RULE) readHttpRule(message, bindings);
    if (no === AUTH_OPTION) {
      readFields(message, (field, reader) => {
        if (field === 1) permissions.push(reader.string());
        else if (field === 3) authenticationType = reader.int32();
        else return false;
        return true;
      });
    }
    if (no === METHOD_VISIBILITY) {
      readFields(message, (field, reader) => {
        if (field !== 2) return false;
        preview = reader.string() === 'PREVIEW';
        return true;
      });
    }
    if (no === OPENAPI_OPERATION) {
      // Operation.responses is field 9, map<string, Response>: the key is the status.
      readFields(message, (field, reader) => {
        if (field !== 9) return false;
        readFields(reader.bytes(), (entryField, entry) => {
          if (entryField !== 1) return false;
          documentedStatuses.push(Number(entry.string()));
          return true;
        });
        return true;
      });
    }
  }
  return { bindings, authenticationType, permissions, preview, documentedStatuses };
}

/** Reads a google.api.HttpRule and its additional bindings (field 11) into `into`. */
function readHttpRule(message: Uint8Array, into: HttpBinding[]): void {
  let httpMethod = '';
  let template = '';
  let body = '';
  const additional: Uint8Array[] = [];
  readFields(message, (field, reader) => {
    const verb = HTTP_METHODS[field];
    if (verb !== undefined) [httpMethod, template] = [verb, reader.string()];
    else if (field === 7) body = reader.string();
    else if (field === 11) additional.push(reader.bytes());
    else return false;
    return true;
  });
  into.push({ httpMethod, template, body });
  for (const rule of additional) readHttpRule(rule, into);
}

/** Visits the fields of a message. `read` consumes a field's value and returns true, or leaves it and returns false. */
function readFields(message: Uint8Array, read: (field: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (!read(field, reader)) reader.skip(wireType, field);
  }
}
