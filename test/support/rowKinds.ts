import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { projectRoot } from '../host/project';

/**
 * Every `viewItem` that a row can have, as the source writes its `contextValue`. A part known only at run time, like a
 * state, can be any of these words, or absent.
 */
export function rowKinds(words: readonly string[]): string[] {
  const folder = join(projectRoot(), 'src');
  const values = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return text.includes('contextValue')
        ? valuesOf(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true))
        : [];
    });
  const isMadeOfAnother = (value: ts.Expression): boolean => value.getText().includes('.contextValue');
  const own = values.filter((value) => !isMadeOfAnother(value)).flatMap((value) => textsOf(value, words, []));
  const others = values.filter(isMadeOfAnother).flatMap((value) => textsOf(value, words, own));
  return [...new Set([...own, ...others])];
}

/** The expressions assigned to `contextValue`, in an object or on an item. */
function valuesOf(node: ts.Node): ts.Expression[] {
  const isContextValue = (name: ts.Node): boolean => ts.isIdentifier(name) && name.text === 'contextValue';
  const own =
    ts.isPropertyAssignment(node) && isContextValue(node.name)
      ? [node.initializer]
      : ts.isBinaryExpression(node) &&
          node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
          ts.isPropertyAccessExpression(node.left) &&
          isContextValue(node.left.name)
        ? [node.right]
        : [];
  const inner: ts.Expression[] = [];
  ts.forEachChild(node, (child) => void inner.push(...valuesOf(child)));
  return [...own, ...inner];
}

/**
 * The texts that an expression can produce, with a list's parts joined by spaces. `others` are the values that another
 * `contextValue` can have.
 */
function textsOf(expression: ts.Expression, words: readonly string[], others: readonly string[]): string[] {
  const texts = (each: ts.Expression): string[] => textsOf(each, words, others);
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isParenthesizedExpression(expression) || ts.isSpreadElement(expression)) return texts(expression.expression);
  if (ts.isConditionalExpression(expression)) return [...texts(expression.whenTrue), ...texts(expression.whenFalse)];
  if (ts.isArrayLiteralExpression(expression)) return combined(expression.elements.map(texts), ' ');
  if (ts.isTemplateExpression(expression))
    return combined(
      [
        [expression.head.text],
        ...expression.templateSpans.flatMap((span) => [texts(span.expression), [span.literal.text]]),
      ],
      '',
    );
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return [...texts(expression.left), ...texts(expression.right)];
  const isJoin =
    ts.isCallExpression(expression) &&
    ts.isPropertyAccessExpression(expression.expression) &&
    expression.expression.name.text === 'join';
  if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'contextValue') return [...others];
  if (isJoin) return texts((expression.expression as ts.PropertyAccessExpression).expression);
  return ['', ...words];
}

/** Every combination of one of each. */
function combined(parts: readonly (readonly string[])[], between: string): string[] {
  return parts.reduce<string[]>(
    (before, part) =>
      before.flatMap((first) =>
        [...new Set(part)].map((second) =>
          second === '' ? first : [first, second].filter((text) => text !== '').join(between),
        ),
      ),
    [''],
  );
}
