import * as vscode from 'vscode';
import { readText } from '../../api/json';
import { ScalekitError } from '../../api/client/scalekitError';
import type { Send } from '../../api/client/http';
import { cancellableProgress } from '../../ui/cancellableProgress';
import type { Environment } from '../../core/environment';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../../core/environmentFailure';
import { failureMessage } from '../../ui/failureMessage';
import type { Prompts } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import type { VirtualDocuments } from '../../ui/virtualDocuments';
import { resolveEnvironment } from '../../ui/resolveEnvironment';
import { EnvironmentKeys } from './environmentKeys';
import type { Inspection, JwtOrigin, SignatureVerdict } from './inspection';
import { inspectionText } from './inspectionText';
import { isIssuedBy } from './issuer';
import { JwtError, type Jwt } from './jwt';
import { MAX_JWT_LENGTH } from './jwtPart';
import { findJwt, parseJwt } from './parseJwt';
import { jwtFaultSentence } from './jwtFaultSentence';
import { checkSignature, signatureFault } from './signature';

export interface TokenInspectorDependencies {
  readonly environments: EnvironmentAccess;
  readonly exchange: Send;
  readonly documents: VirtualDocuments;
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Inspect Access Token and Inspect JWT…: shows a token's content in a read-only document. Its signature is checked
 * against the keys of the environment that issued it, if that's saved here. No request goes to a URL from a token.
 */
export class TokenInspector {
  private readonly keys: EnvironmentKeys;
  private inspected = 0;

  constructor(private readonly dependencies: TokenInspectorDependencies) {
    this.keys = new EnvironmentKeys(dependencies.exchange, dependencies.now);
  }

  /** Inspect Access Token: inspects the one for API calls, and fetches it if there's none. */
  async inspectAccessToken(argument: unknown): Promise<void> {
    const { environments, prompts, now, documents } = this.dependencies;
    const environment = await resolveEnvironment(argument, environments, prompts);
    if (environment === undefined) return;
    const { client, token } = await this.inProgress(environment, (signal) =>
      inEnvironment(environment, async () => {
        const used = await environments.client(environment.id);
        return { client: used, token: await used.tokens.get({ signal }) };
      }),
    );
    const jwt = tryParse(token.value);
    if (!('claims' in jwt)) {
      void prompts.message(
        'warning',
        vscode.l10n.t('{0}: its access token can’t be inspected. {1}', environment.name, jwtFaultSentence(jwt.fault)),
      );
      return;
    }
    const signature = await this.inProgress(environment, (signal) =>
      this.verifyWith(jwt, environment, client.environmentUrl, signal),
    );
    const inspection = {
      jwt,
      signature,
      source: environment,
      sourceUrl: client.environmentUrl,
      now: now(),
      clockOffset: token.serverClockAheadMs,
    };
    await documents.show(`/${environment.id}/${vscode.l10n.t('Access Token')}.jsonc`, this.textOf(inspection));
  }

  /**
   * Inspect JWT…: inspects the one that's selected in the editor, at the cursor, or on the clipboard, or asks for one.
   */
  async inspectJwt(): Promise<void> {
    const { environments, now, documents, redactor } = this.dependencies;
    const selected = selectedText();
    const found = await this.readOrAsk(
      [
        { origin: 'selection', text: async () => selected },
        { origin: 'cursor', text: async () => (selected === '' ? textAtCursor() : '') },
        { origin: 'clipboard', text: clipboardText },
      ],
      selected.trim() !== '',
    );
    if (found === undefined) return;
    const { jwt, origin } = found;
    const selectionHeldNone = origin !== 'selection' && selected.trim() !== '';
    redactor.add(jwt.compact);
    await environments.ready();
    const signature = await this.verify(jwt);
    const offset = 'environment' in signature ? await this.heldClockOffset(signature.environment) : undefined;
    this.inspected++;
    await documents.show(
      `/${vscode.l10n.t('JWT')} ${this.inspected}.jsonc`,
      this.textOf({ jwt, signature, origin, selectionHeldNone, now: now(), clockOffset: offset }),
    );
  }

  /** The document's text, without other tokens or saved secrets that a claim may contain. */
  private textOf(inspection: Inspection): string {
    return this.dependencies.redactor.redact(inspectionText(inspection));
  }

  /** The first of these with a JWT. Asks for one if there's none or it can't be read; undefined if the user cancels. */
  private async readOrAsk(sources: readonly JwtSource[], somethingIsSelected: boolean): Promise<FoundJwt | undefined> {
    let problem = somethingIsSelected
      ? vscode.l10n.t('There’s no JWT in the selected text or on the clipboard.')
      : undefined;
    for (const { origin, text: read } of sources) {
      const text = await read();
      if (findJwt(text) === undefined) continue;
      const jwt = tryParse(text);
      if ('claims' in jwt) return { jwt, origin };
      problem = problemOf(origin, jwtFaultSentence(jwt.fault));
      break;
    }
    const result = await this.dependencies.prompts.input({
      title: vscode.l10n.t('Inspect JWT'),
      prompt: vscode.l10n.t('Paste any JWT. It stays on this machine.'),
      placeholder: 'eyJ…',
      password: true,
      problem,
      validate: (text) => {
        const typed = tryParse(text);
        return 'claims' in typed ? undefined : jwtFaultSentence(typed.fault);
      },
    });
    if (result === undefined || result === 'back') return undefined;
    return { jwt: parseJwt(result.answer.text), origin: 'prompt' };
  }

  /** Checks a signature against the environment that issued the token, if that's a saved one. */
  private async verify(jwt: Jwt): Promise<SignatureVerdict> {
    const fault = signatureFault(jwt);
    if (fault !== undefined) return { kind: fault };
    const issuer = readText(jwt.claims['iss']);
    if (issuer === undefined) return { kind: 'noIssuer' };
    let unreadable: SignatureVerdict | undefined;
    for (const environment of this.candidates(issuer)) {
      try {
        const { environmentUrl } = await this.dependencies.environments.client(environment.id);
        if (isIssuedBy(issuer, environmentUrl))
          return await this.inProgress(environment, (signal) =>
            this.verifyWith(jwt, environment, environmentUrl, signal),
          );
      } catch (error) {
        if (!(error instanceof EnvironmentFailure)) throw error;
        unreadable ??= { kind: 'keysUnavailable', environment, why: failureMessage(error).text };
      }
    }
    return unreadable ?? { kind: 'otherIssuer' };
  }

  private async verifyWith(
    jwt: Jwt,
    environment: Environment,
    environmentUrl: string,
    signal: AbortSignal,
  ): Promise<SignatureVerdict> {
    const fault = signatureFault(jwt);
    if (fault !== undefined) return { kind: fault };
    try {
      return { kind: await checkSignature(jwt, environmentUrl, this.keys, signal), environment };
    } catch (error) {
      if (!(error instanceof ScalekitError)) throw error;
      return {
        kind: 'keysUnavailable',
        environment,
        why: failureMessage(new EnvironmentFailure(environment, error)).text,
      };
    }
  }

  /**
   * The saved environments on the issuer's host, the active one first. The URL itself is stored with the secret, so
   * it's compared after that has been read.
   */
  private candidates(issuer: string): readonly Environment[] {
    const { environments } = this.dependencies;
    const active = environments.active()?.id;
    const host = URL.canParse(issuer) ? new URL(issuer).host : '';
    const matching = environments.list().filter((environment) => host !== '' && environment.host === host);
    return [...matching.filter(({ id }) => id === active), ...matching.filter(({ id }) => id !== active)];
  }

  /** How far an environment's clock is ahead, according to its cached token; undefined if there's none. */
  private async heldClockOffset(environment: Environment): Promise<number | undefined> {
    const client = await this.dependencies.environments.client(environment.id).catch(() => undefined);
    return client?.tokens.cached()?.serverClockAheadMs;
  }

  private inProgress<T>({ name }: Environment, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return cancellableProgress(this.dependencies.prompts, vscode.l10n.t('Scalekit: asking {0}…', name), task);
  }
}

interface JwtSource {
  readonly origin: JwtOrigin;
  readonly text: () => Promise<string>;
}

interface FoundJwt {
  readonly jwt: Jwt;
  readonly origin: JwtOrigin;
}

/** What's wrong with a JWT that couldn't be read, and where it was. */
function problemOf(origin: JwtOrigin, fault: string): string {
  switch (origin) {
    case 'selection':
      return vscode.l10n.t('The selected text: {0}', fault);
    case 'cursor':
      return vscode.l10n.t('The text at the cursor: {0}', fault);
    default:
      return vscode.l10n.t('The clipboard: {0}', fault);
  }
}

function tryParse(text: string): Jwt | JwtError {
  try {
    return parseJwt(text);
  } catch (error) {
    if (error instanceof JwtError) return error;
    throw error;
  }
}

function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? '' : editor.document.getText(editor.selection);
}

/** The word around the cursor, with quotes and everything else up to white space. */
function textAtCursor(): string {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return '';
  // VS Code itself finds no word of more than about 1,000 characters.
  const { line, character } = editor.selection.active;
  // The selection may be from a longer text that has just been replaced.
  if (line >= editor.document.lineCount) return '';
  const { text } = editor.document.lineAt(line);
  const before =
    text
      .slice(Math.max(0, character - MAX_JWT_LENGTH), character)
      .split(/\s/)
      .at(-1) ?? '';
  const after = text.slice(character, character + MAX_JWT_LENGTH).split(/\s/)[0] ?? '';
  return before + after;
}

async function clipboardText(): Promise<string> {
  try {
    return await vscode.env.clipboard.readText();
  } catch {
    // A browser window may refuse it. Then the user pastes the text.
    return '';
  }
}
