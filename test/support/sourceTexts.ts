import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { projectRoot } from '../host/project';

/** A literal of the source, and its place, for example `src/ui/log.ts:12`. */
export interface SourceText {
  readonly text: string;
  readonly place: string;
}

export interface SourceTexts {
  /** Texts passed to `l10n.t`, which translators translate. */
  readonly translated: readonly SourceText[];
  /** Calls of `l10n.t` with a text built at run time, which translators can't find. */
  readonly computed: readonly SourceText[];
  /** Literals that people would see untranslated. */
  readonly bypassing: readonly SourceText[];
}

/** Two words in a row, which are written only for people to read. */
const PROSE = /[\p{L}’]{2,}[,:;.…]? [\p{L}’]{2,}/u;

/** Properties with a text that VS Code shows. */
const SHOWN_PROPERTIES =
  /^(?:title|label|placeholder|placeHolder|prompt|message|detail|description|tooltip|problem|action|ariaLabel|invocationMessage|separatorBefore|validationMessage)$/;

/** Calls with texts that VS Code shows. */
const SHOWING_CALLS =
  /^(?:show\w*Message|setStatusBarMessage|showStatus|withProgress|createQuickPick|createInputBox|createTreeView)$/;

/** Calls with texts that people don't see: log lines, and errors, whose text stays in the log. */
const UNSEEN_CALLS = /^(?:debug|info|warn|error)$/;

/** Reads the sources that run in VS Code. */
export function readSourceTexts(): SourceTexts {
  const translated: SourceText[] = [];
  const computed: SourceText[] = [];
  const bypassing: SourceText[] = [];
  for (const file of sourceFiles()) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(projectRoot(), file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const found = (node: ts.Node, text: string): SourceText => ({
      text,
      place: `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`,
    });
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isTranslation(node.expression)) {
        const [first, ...values] = node.arguments;
        if (first !== undefined && ts.isStringLiteralLike(first)) translated.push(found(first, first.text));
        else computed.push(found(node, first?.getText() ?? ''));
        values.forEach(visit);
        return;
      }
      if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
      const text = textOf(node);
      if (text !== undefined && /\p{L}{2}/u.test(text) && (isShown(node) || (PROSE.test(text) && !isUnseen(node))))
        bypassing.push(found(node, text));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { translated, computed, bypassing };
}

function sourceFiles(): string[] {
  const files = readdirSync(join(projectRoot(), 'src'), { recursive: true, encoding: 'utf8' }).map(
    (file) => `src/${file.replaceAll('\\', '/')}`,
  );
  // Separate programs, which run without VS Code.
  return files
    .filter(
      (file) =>
        file.endsWith('.ts') &&
        !file.endsWith('.d.ts') &&
        !/^src\/(?:sandbox\/|terminal\/(?:program|commandProblem)\.ts)/.test(file),
    )
    .sort();
}

/** `vscode.l10n.t`, `l10n.t`. */
function isTranslation(callee: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 't') return false;
  const { expression } = callee;
  return (ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText()) === 'l10n';
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node) ? node.text : undefined;
}

/** The expression that contains a literal, through templates, conditions and joined texts. */
function whole(node: ts.Node): ts.Node {
  const { parent } = node;
  const isPart =
    ts.isTemplateSpan(parent) ||
    ts.isTemplateExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== node) ||
    (ts.isBinaryExpression(parent) &&
      [ts.SyntaxKind.PlusToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken].includes(
        parent.operatorToken.kind,
      ));
  return isPart ? whole(parent) : node;
}

function isShown(node: ts.Node): boolean {
  const expression = whole(node);
  const { parent } = expression;
  if (ts.isPropertyAssignment(parent) && parent.initializer === expression)
    return SHOWN_PROPERTIES.test(parent.name.getText());
  if (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.right === expression
  ) {
    return ts.isPropertyAccessExpression(parent.left) && SHOWN_PROPERTIES.test(parent.left.name.text);
  }
  return (
    ts.isCallExpression(parent) && parent.expression !== expression && SHOWING_CALLS.test(nameOf(parent.expression))
  );
}

function isUnseen(node: ts.Node): boolean {
  const { parent } = whole(node);
  if (ts.isNewExpression(parent)) return true;
  return (
    ts.isCallExpression(parent) &&
    (parent.expression.kind === ts.SyntaxKind.SuperKeyword || UNSEEN_CALLS.test(nameOf(parent.expression)))
  );
}

function nameOf(callee: ts.Expression): string {
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
}
