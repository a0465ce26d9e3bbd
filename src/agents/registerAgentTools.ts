import * as vscode from 'vscode';
import type { AgentTools } from './agentTools';
import { TOOL_NAMES } from './toolNames';

/** Registers the tools for language models. Their code is loaded on the first call. */
export function registerAgentTools(load: () => Promise<AgentTools>): vscode.Disposable {
  return vscode.Disposable.from(
    ...TOOL_NAMES.map((name) =>
      vscode.lm.registerTool(name, {
        prepareInvocation: async ({ input }) => (await load()).prepare(name, input),
        invoke: async (options, cancellation) => (await load()).invoke(name, options, cancellation),
      }),
    ),
  );
}
