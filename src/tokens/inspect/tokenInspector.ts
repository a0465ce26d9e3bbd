import * as vscode from 'vscode';
import type { AccessToken } from '../../api/accessToken.js';
import { readText } from '../../api/json.js';
import { ScalekitError } from '../../api/scalekitError.js';
import type { Exchange } from '../../api/transport.js';
import { cancellableProgress } from '../../editor/cancellableProgress.js';
import type { EnvironmentAccess, EnvironmentFacts } from '../../editor/environmentAccess.js';
import { EnvironmentFailure, inEnvironment } from '../../editor/environmentFailure.js';
import { failureMessage } from '../../editor/failureMessage.js';
import type { Prompts } from '../../editor/prompts.js';
import type { Redactor } from '../../editor/redactor.js';
import type { VirtualDocuments } from '../../editor/virtualDocuments.js';
import { chosenEnvironment } from '../../editor/chosenEnvironment.js';
import { EnvironmentKeys } from './environmentKeys.js';
import type { Inspection, SignatureVerdict } from './inspection.js';
import { inspectionText } from './inspectionText.js';
import { findJwt, JwtError, parseJwt, type Jwt } from './jwt.js';
import { jwtFaultSentence } from './jwtFaultSentence.js';
import { checkSignature, signatureFault } from './signature.js';

export interface TokenInspectorContext {
  readonly environments: EnvironmentAccess;
  readonly exchange: Exchange;
  readonly documents: VirtualDocuments;
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Inspect Access Token and Inspect JWT…: what a token says, in a read-only document. Its signature is checked against the keys of the
 * environment that issued it if that is kept here; nothing is asked of any address that stands in a token.
 */
export class TokenInspector {
  private readonly keys: EnvironmentKeys;
  private inspected = 0;

  constructor(private readonly context: TokenInspectorContext) {
    this.keys = new EnvironmentKeys(context.exchange, context.now);
  }

  /** Inspect Access Token: the one that calls are made with; fetched if there is none. */
  async inspectAccessToken(argument: unknown): Promise<void> {
    const { environments, prompts, now, documents } = this.context;
    const environment = await chosenEnvironment(argument, environments, prompts);
    if (environment === undefined) return;
    const { client, token } = await this.inProgress(environment, (signal) =>
      inEnvironment(environment, async () => {
        const used = await environments.client(environment.id);
        return { client: used, token: await used.tokens.get({ signal }) };
      }),
    );
    const jwt = tryParse(token.value);
    if (!('claims' in jwt)) {
      void prompts.message('warning', vscode.l10n.t('{0}: its access token cannot be inspected. {1}', environment.name, jwtFaultSentence(jwt.fault)));
      return;
    }
    const signature = await this.inProgress(environment, (signal) => this.verifyWith(jwt, environment, client.environmentUrl, signal));
    const inspection = { jwt, signature, source: environment, sourceUrl: client.environmentUrl, now: now(), clockOffset: clockOffset(jwt, token) };
    await documents.show(`/${environment.id}/${vscode.l10n.t('Access Token')}.jsonc`, this.textOf(inspection));
  }

  /** Inspect JWT…: the one selected in the editor, else the one in the clipboard, else one that is asked for. */
  async inspectJwt(): Promise<void> {
    const { environments, now, documents, redactor } = this.context;
    const jwt = await this.readOrAsk(findJwt(selectedText()) ?? findJwt(await clipboardText()));
    if (jwt === undefined) return;
    redactor.add(jwt.compact);
    await environments.ready();
    const signature = await this.verify(jwt);
    const offset = 'environment' in signature ? await this.heldClockOffset(signature.environment) : undefined;
    this.inspected++;
    await documents.show(`/${vscode.l10n.t('JWT')} ${this.inspected}.jsonc`, this.textOf({ jwt, signature, now: now(), clockOffset: offset }));
  }

  /** The document's text. A claim may hold another token, or even a secret that is kept here: those are taken out. */
  private textOf(inspection: Inspection): string {
    return this.context.redactor.redact(inspectionText(inspection));
  }

  /** Takes the text apart, or asks for another until it is a JWT; undefined when the person cancels. */
  private async readOrAsk(found: string | undefined): Promise<Jwt | undefined> {
    const read = found === undefined ? undefined : tryParse(found);
    if (read !== undefined && 'claims' in read) return read;
    const result = await this.context.prompts.input({
      title: vscode.l10n.t('Inspect JWT'),
      prompt: vscode.l10n.t('Paste a JWT of any issuer. It stays in this window’s memory and is sent nowhere.'),
      placeholder: 'eyJ…',
      password: true,
      problem: read === undefined ? undefined : vscode.l10n.t('What you selected or copied: {0}', jwtFaultSentence(read.fault)),
      validate: (text) => {
        const typed = tryParse(findJwt(text) ?? text);
        return 'claims' in typed ? undefined : jwtFaultSentence(typed.fault);
      },
    });
    if (result === undefined || result === 'back') return undefined;
    return parseJwt(findJwt(result.answer.text) ?? result.answer.text);
  }

  /** Checks a signature against the environment that issued the token, if it is one of those that are kept. */
  private async verify(jwt: Jwt): Promise<SignatureVerdict> {
    const fault = signatureFault(jwt);
    if (fault !== undefined) return { kind: fault };
    const issuer = readText(jwt.claims['iss']);
    if (issuer === undefined) return { kind: 'noIssuer' };
    let unreadable: SignatureVerdict | undefined;
    for (const environment of this.candidates(issuer)) {
      try {
        const { environmentUrl } = await this.context.environments.client(environment.id);
        if (environmentUrl === issuer) return await this.inProgress(environment, (signal) => this.verifyWith(jwt, environment, environmentUrl, signal));
      } catch (error) {
        if (!(error instanceof EnvironmentFailure)) throw error;
        unreadable ??= { kind: 'keysUnavailable', environment, why: failureMessage(error).text };
      }
    }
    return unreadable ?? { kind: 'otherIssuer' };
  }

  /** Checks a signature against this environment's keys. */
  private async verifyWith(jwt: Jwt, environment: EnvironmentFacts, environmentUrl: string, signal: AbortSignal): Promise<SignatureVerdict> {
    const fault = signatureFault(jwt);
    if (fault !== undefined) return { kind: fault };
    try {
      return { kind: await checkSignature(jwt, environmentUrl, this.keys, signal), environment };
    } catch (error) {
      if (!(error instanceof ScalekitError)) throw error;
      return { kind: 'keysUnavailable', environment, why: failureMessage(new EnvironmentFailure(environment, error)).text };
    }
  }

  /**
   * The kept environments on the issuer's host, the active one first. The URL itself is kept with the secret, so it is compared
   * when that has been read.
   */
  private candidates(issuer: string): readonly EnvironmentFacts[] {
    const { environments } = this.context;
    const active = environments.active()?.id;
    const host = URL.canParse(issuer) ? new URL(issuer).host : '';
    const matching = environments.list().filter((environment) => host !== '' && environment.host === host);
    return [...matching.filter(({ id }) => id === active), ...matching.filter(({ id }) => id !== active)];
  }

  /** How far an environment's clock is ahead, told by the token that is held for it; undefined when there is none. */
  private async heldClockOffset(environment: EnvironmentFacts): Promise<number | undefined> {
    const client = await this.context.environments.client(environment.id).catch(() => undefined);
    const token = client?.tokens.peek();
    if (token === undefined) return undefined;
    const jwt = tryParse(token.value);
    return 'claims' in jwt ? clockOffset(jwt, token) : undefined;
  }

  private inProgress<T>({ name }: EnvironmentFacts, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return cancellableProgress(this.context.prompts, vscode.l10n.t('Scalekit: asking {0}…', name), task);
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

/** A token was issued just before it came, so `iat` and that moment show how far the clocks differ; milliseconds. */
function clockOffset({ claims }: Jwt, token: AccessToken): number | undefined {
  const issuedAt = claims['iat'];
  return typeof issuedAt === 'number' ? issuedAt * 1000 - token.receivedAt : undefined;
}

function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? '' : editor.document.getText(editor.selection);
}

async function clipboardText(): Promise<string> {
  try {
    return await vscode.env.clipboard.readText();
  } catch {
    // A browser window may refuse it; then the person pastes.
    return '';
  }
}
