import type { CommandTable } from '../ui/commands';
import { copyMcpConfiguration } from './mcpConfiguration';

export function agentCommands() {
  return {
    'scalekit.mcp.copyConfiguration': () => copyMcpConfiguration(),
  } satisfies CommandTable;
}
