import type { CommandTable } from '../ui/commands';
import { copyMcpConfiguration } from './mcpConfiguration';

/** What a person does for language models. */
export function agentCommands() {
  return {
    'scalekit.mcp.copyConfiguration': () => copyMcpConfiguration(),
  } satisfies CommandTable;
}
