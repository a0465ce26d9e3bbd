import * as vscode from 'vscode';
import { showStatus } from '../ui/statusMessage';

/**
 * Scalekit's own hosted MCP server, as VS Code's `mcp.json` takes it. A person signs in to it in the browser (OAuth), so nothing
 * secret stands here, and it has nothing to do with the environments kept in VS Code (docs/scalekit-api.md, 1.5).
 */
const MCP_CONFIGURATION = { servers: { scalekit: { type: 'http', url: 'https://mcp.scalekit.com/' } } };

/** Puts the configuration on the clipboard. */
export async function copyMcpConfiguration(): Promise<void> {
  await vscode.env.clipboard.writeText(`${JSON.stringify(MCP_CONFIGURATION, undefined, 2)}\n`);
  showStatus(vscode.l10n.t('MCP configuration copied. Paste it into .vscode/mcp.json.'));
}
