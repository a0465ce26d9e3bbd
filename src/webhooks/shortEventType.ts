/** A type as a row shows it: `organization.directory.user_created` is too long for a narrow view. */
export function shortEventType(type: string): string {
  return type.replace(/^organization\.(?=directory\.)/, '');
}
