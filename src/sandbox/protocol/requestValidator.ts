import type { DescMessage, Message } from '@bufbuild/protobuf';
import type { Validator, Violation } from '@bufbuild/protovalidate';
import { ApiError } from './apiError';

/** Enforces the `buf.validate` rules of request messages. */
export class RequestValidator {
  #validator: Promise<Validator> | undefined;

  /** Loads the library on first use, because that takes a tenth of a second. */
  load(): Promise<Validator> {
    this.#validator ??= import('@bufbuild/protovalidate').then(({ createValidator }) => createValidator());
    return this.#validator;
  }

  /** @throws ApiError INVALID_ARGUMENT with one field violation for each broken rule */
  async check(schema: DescMessage, message: Message): Promise<void> {
    const result = (await this.load()).validate(schema, message);
    if (result.kind === 'valid') return;
    if (result.kind === 'error') throw result.error;
    const fieldViolations = result.violations.map((violation) => ({
      field: fieldPath(violation),
      description: violation.message,
      // A rule of a message's own may have no id.
      constraint: violation.ruleId || 'cel',
    }));
    const summary = fieldViolations.map(({ field, description }) => `${field}: ${description}`).join(', ');
    throw new ApiError('INVALID_ARGUMENT', `validation error: ${summary}`, {
      validationErrorInfo: { fieldViolations },
    });
  }
}

/** `organization.metadata["ab"]`, as protovalidate writes field paths. */
function fieldPath(violation: Violation): string {
  let path = '';
  for (const part of violation.field) {
    if (part.kind === 'list_sub') path += `[${part.index}]`;
    else if (part.kind === 'map_sub') path += `[${JSON.stringify(part.key)}]`;
    else path += (path === '' ? '' : '.') + part.name;
  }
  return path;
}
