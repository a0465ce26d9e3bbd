import { WEBHOOK_EVENT_TYPES } from '../../api/webhooks/eventTypes';
import { samplePayload } from '../../api/webhooks/samplePayload';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The JSON schema of payloads: what VS Code completes and checks in them. The fields of `data` are those of a sample of
 * the same type. Others aren't refused: Scalekit may add some.
 *
 * @param describe the description of a field, in the user's language
 */
export function payloadSchema(describe: (field: EnvelopeField) => string): Schema {
  const text = (field: EnvelopeField, more: Schema = {}): Schema => ({
    type: 'string',
    description: describe(field),
    ...more,
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: {
      spec_version: text('spec_version', { const: '1' }),
      id: text('id', { pattern: '^evt_' }),
      type: text('type', {
        enum: WEBHOOK_EVENT_TYPES.map(({ type }) => type),
        enumDescriptions: WEBHOOK_EVENT_TYPES.map(({ title }) => title),
      }),
      object: text('object', { enum: [...new Set(WEBHOOK_EVENT_TYPES.map(({ object }) => object))] }),
      occurred_at: text('occurred_at', { format: 'date-time' }),
      environment_id: text('environment_id', { pattern: '^env_' }),
      organization_id: text('organization_id', { pattern: '^org_' }),
      data: { type: 'object', description: describe('data') },
      display_name: text('display_name'),
    },
    required: ['spec_version', 'id', 'type', 'object', 'occurred_at', 'environment_id', 'data'],
    allOf: WEBHOOK_EVENT_TYPES.map((type) => ({
      if: { properties: { type: { const: type.type } }, required: ['type'] },
      then: {
        properties: {
          object: { const: type.object },
          data: fieldsOf(samplePayload(type, {}, new Date(0)).data),
        },
      },
    })),
  };
}

export type EnvelopeField =
  | 'spec_version'
  | 'id'
  | 'type'
  | 'object'
  | 'occurred_at'
  | 'environment_id'
  | 'organization_id'
  | 'data'
  | 'display_name';

/** The fields of a sample, for completion. Anything may be null: some samples of Scalekit's have it so. */
function fieldsOf(value: unknown): Schema {
  if (Array.isArray(value))
    return { type: ['array', 'null'], ...(value.length > 0 ? { items: fieldsOf(value[0]) } : {}) };
  if (typeof value === 'object' && value !== null)
    return {
      type: ['object', 'null'],
      properties: Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fieldsOf(each)])),
    };
  return value === null ? {} : { type: [typeof value, 'null'] };
}
