/** Takes what changes in the environment, and sends it to the webhooks that want it. */
export interface EventSink {
  /**
   * @param type for example `organization.created`
   * @param organizationId undefined for what belongs to the environment
   * @param data made at once, and only if a webhook wants the type
   */
  emit(type: string, organizationId: string | undefined, data: () => Readonly<Record<string, unknown>>): void;
}
