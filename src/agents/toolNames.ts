/** The tools that language models may call, as package.json declares them. */
export const TOOL_NAMES = [
  'scalekit_list_organizations',
  'scalekit_search_organizations',
  'scalekit_get_organization',
  'scalekit_list_connections',
  'scalekit_list_directories',
  'scalekit_list_domains',
  'scalekit_list_users',
  'scalekit_read_sign_in_log',
  'scalekit_decode_jwt',
] as const;

export type ToolName = (typeof TOOL_NAMES)[number];
