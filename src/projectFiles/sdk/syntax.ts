import type { SyntaxNode } from '@lezer/common';

/** A text and how to read its syntax tree. */
export class Source {
  constructor(readonly text: string) {}

  /** The text of a node. */
  of(node: SyntaxNode | null | undefined): string {
    return node === null || node === undefined ? '' : this.text.slice(node.from, node.to);
  }
}

/** The nodes directly inside a node. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** The arguments of a call: what is between the parentheses, without commas and comments. */
export function argumentsOf(call: SyntaxNode): SyntaxNode[] {
  const list = call.getChild('ArgList');
  return list === null ? [] : childrenOf(list).filter(({ name }) => !PUNCTUATION.test(name));
}

const PUNCTUATION = /^(?:[(),]|LineComment|BlockComment|Comment)$/;

/** Whether the parser was lost anywhere in the statement of a node, or above it. What it says about that can't be trusted. */
export function isInError(node: SyntaxNode): boolean {
  let statement: SyntaxNode = node;
  for (let above: SyntaxNode | null = node; above !== null; above = above.parent) {
    if (above.type.isError) return true;
    if (statement === node && STATEMENT.test(above.name)) statement = above;
  }
  let found = false;
  statement.cursor().iterate(({ type }) => {
    found ||= type.isError;
    return !found;
  });
  return found;
}

const STATEMENT = /(?:Statement|Declaration|FunctionDefinition)$/;
