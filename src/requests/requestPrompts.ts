import * as vscode from 'vscode';
import { isPathSegment } from '../api/client/scalekitClient';
import type { Choice, PromptResult, Prompts } from '../ui/prompts';
import { requestOf, requestTarget, type ApiRequest } from './apiRequest';
import { pathParameters, type DocumentedEndpoint, type EndpointParameter } from './documentedEndpoint';
import { kindOfParameter, type KnownValues, type Suggestion } from './knownValues';
import { parameterRule, readParameter } from './parameterHints';

export interface RequestPromptsDependencies {
  readonly prompts: Prompts;
  readonly endpoints: readonly DocumentedEndpoint[];
  readonly values: KnownValues;
}

/** What the prompts are for. */
export interface RequestPurpose {
  /** The title of every step begins with this. */
  readonly title: string;
  readonly environmentId: string;
  /** Complete requests, offered first. */
  readonly recent: readonly ApiRequest[];
  /** The row that ends the prompts, for example `Send Request`. */
  readonly done: { readonly label: string; readonly icon: string };
}

/** A complete request, or an endpoint whose values are still to be asked for. */
type PickedRequest = { readonly request: ApiRequest } | { readonly endpoint: DocumentedEndpoint };

/** Asks for one of Scalekit's documented GETs and its values. */
export class RequestPrompts {
  constructor(private readonly dependencies: RequestPromptsDependencies) {}

  /**
   * The request, or undefined if the user cancels. Back goes through all steps, and leaves the first one with `back`.
   */
  async ask(purpose: RequestPurpose, canGoBack = false): Promise<PromptResult<ApiRequest>> {
    for (;;) {
      const picked = await this.pickEndpoint(purpose, canGoBack);
      if (typeof picked !== 'object') return picked;
      if ('request' in picked.answer) return { answer: picked.answer.request };
      const request = await this.askValues(purpose, picked.answer.endpoint);
      if (request !== 'back') return request;
    }
  }

  private pickEndpoint({ title, recent }: RequestPurpose, canGoBack: boolean): Promise<PromptResult<PickedRequest>> {
    const { endpoints, prompts } = this.dependencies;
    return prompts.pick<PickedRequest>({
      title,
      placeholder: vscode.l10n.t('Choose what to read, by its name or path'),
      canGoBack,
      choices: [
        ...recent.map((request, index) => ({
          ...requestChoice(request, { request }),
          icon: 'history',
          separatorBefore: index === 0 ? vscode.l10n.t('Recent') : undefined,
        })),
        ...endpoints.map((endpoint, index) => ({
          value: { endpoint },
          label: endpoint.summary,
          description: endpoint.path,
          separatorBefore: endpoint.resource === endpoints[index - 1]?.resource ? undefined : endpoint.resource,
        })),
      ],
    });
  }

  /** Asks for the values of one endpoint. */
  async askValues(purpose: RequestPurpose, endpoint: DocumentedEndpoint): Promise<PromptResult<ApiRequest>> {
    const inPath = pathParameters(endpoint);
    const query = endpoint.parameters.filter((parameter) => !inPath.includes(parameter));
    const needed = [...inPath, ...query.filter(({ required }) => required)];
    const options = query.filter(({ required }) => !required);
    const values = new Map<string, readonly string[]>();
    const steps = 1 + needed.length + (options.length > 0 ? 1 : 0);
    const request = (): ApiRequest =>
      requestOf(
        endpoint,
        Object.fromEntries(inPath.map(({ name }) => [name, values.get(name)?.[0] ?? ''])),
        query.flatMap(({ name }) => (values.get(name) ?? []).map((value) => [name, value] as const)),
      );

    for (let at = 0; at < needed.length || (at === needed.length && options.length > 0); ) {
      const parameter = needed[at];
      const step = { number: at + 2, of: steps };
      const result =
        parameter === undefined
          ? await this.askOptions(purpose, endpoint, options, values, request, step)
          : await this.askValue(purpose, endpoint, parameter, values.get(parameter.name), step);
      if (result === undefined) return undefined;
      if (result === 'back') {
        if (at === 0) return 'back';
        at--;
      } else {
        if (parameter !== undefined) values.set(parameter.name, result.answer);
        at++;
      }
    }
    this.remember(purpose, endpoint, values);
    return { answer: request() };
  }

  /** Asks for optional parameters: Enter continues, any other row asks for that parameter. */
  private async askOptions(
    purpose: RequestPurpose,
    endpoint: DocumentedEndpoint,
    options: readonly EndpointParameter[],
    values: Map<string, readonly string[]>,
    request: () => ApiRequest,
    step: { readonly number: number; readonly of: number },
  ): Promise<PromptResult<readonly string[]>> {
    for (;;) {
      const choices: Choice<EndpointParameter | 'done'>[] = [
        {
          value: 'done',
          label: purpose.done.label,
          icon: purpose.done.icon,
          detail: `GET ${requestTarget(request())}`,
        },
        ...options.map((parameter, index): Choice<EndpointParameter> => {
          const set = values.get(parameter.name);
          return {
            value: parameter,
            label: parameter.name,
            icon: set === undefined ? 'add' : 'edit',
            description: set === undefined ? parameterRule(parameter) : set.join(', '),
            separatorBefore: index === 0 ? vscode.l10n.t('Optional query parameters') : undefined,
          };
        }),
      ];
      const picked = await this.dependencies.prompts.pick({
        title: titleOf(purpose, endpoint),
        placeholder: vscode.l10n.t('Press Enter to continue, or set a query parameter first'),
        choices,
        step,
        canGoBack: true,
      });
      if (typeof picked !== 'object') return picked;
      if (picked.answer === 'done') return { answer: [] };
      const { answer: parameter } = picked;
      const value = await this.askValue(purpose, endpoint, parameter, values.get(parameter.name), step);
      if (value === undefined) return undefined;
      if (value === 'back') continue;
      if (value.answer.length === 0) values.delete(parameter.name);
      else values.set(parameter.name, value.answer);
    }
  }

  /** The value or values of one parameter; none to leave it out. */
  private async askValue(
    purpose: RequestPurpose,
    endpoint: DocumentedEndpoint,
    parameter: EndpointParameter,
    current: readonly string[] | undefined,
    step: { readonly number: number; readonly of: number },
  ): Promise<PromptResult<readonly string[]>> {
    const { prompts } = this.dependencies;
    const common = { title: titleOf(purpose, endpoint), step };
    const optional = !isNeeded(endpoint, parameter);
    const leaveOut: Choice<readonly string[]>[] =
      optional && current !== undefined
        ? [{ value: [], label: vscode.l10n.t('Leave out'), icon: 'remove', separatorBefore: '' }]
        : [];

    const fixed = parameter.type === 'boolean' ? ['true', 'false'] : parameter.values;
    const known = fixed?.map((value): Suggestion => ({ value })) ?? this.suggestions(purpose, endpoint, parameter);
    if (known.length > 0) {
      return prompts.pick({
        ...common,
        placeholder:
          fixed === undefined
            ? vscode.l10n.t('{0}: choose one, or type or paste another', parameter.name)
            : parameter.name,
        choices: [
          ...known.map(({ value, label }) => ({ value: [value], label: label ?? value, description: label && value })),
          ...leaveOut,
        ],
        typed: fixed === undefined ? typedChoice(endpoint, parameter, known) : undefined,
        canGoBack: true,
      });
    }

    const rule = parameterRule(parameter);
    const result = await prompts.input({
      ...common,
      prompt: rule === '' ? parameter.name : vscode.l10n.t('{0}: {1}', parameter.name, rule),
      value: (current ?? []).join(', '),
      validate: (text) => problemOf(endpoint, parameter, text),
    });
    if (typeof result !== 'object') return result;
    const read = readParameter(parameter, result.answer.text);
    return { answer: 'texts' in read ? read.texts : [] };
  }

  private suggestions(
    { environmentId }: RequestPurpose,
    endpoint: DocumentedEndpoint,
    parameter: EndpointParameter,
  ): Suggestion[] {
    const kind = kindOfParameter(endpoint, parameter);
    if (kind === undefined || parameter.repeated) return [];
    return this.dependencies.values
      .suggestions(environmentId, kind)
      .filter(({ value }) => problemOf(endpoint, parameter, value) === undefined);
  }

  private remember(
    { environmentId }: RequestPurpose,
    endpoint: DocumentedEndpoint,
    values: ReadonlyMap<string, readonly string[]>,
  ): void {
    for (const parameter of endpoint.parameters) {
      const kind = kindOfParameter(endpoint, parameter);
      if (kind !== undefined && !parameter.repeated)
        for (const value of values.get(parameter.name) ?? []) this.dependencies.values.use(environmentId, kind, value);
    }
  }
}

/** A complete request as a choice, written as in the Activity view: `GET /organizations?page_size=10`. */
export function requestChoice<T>(request: ApiRequest, value: T): Choice<T> {
  return { value, label: `GET ${requestTarget(request).replace('/api/v1/', '/')}`, description: request.summary };
}

/** The typed text as a choice, unless it can't be sent or is already in the list. */
function typedChoice(
  endpoint: DocumentedEndpoint,
  parameter: EndpointParameter,
  known: readonly Suggestion[],
): (text: string) => Choice<readonly string[]> | undefined {
  return (text) => {
    const value = text.trim();
    if (
      value === '' ||
      problemOf(endpoint, parameter, value) !== undefined ||
      known.some((suggestion) => suggestion.value === value)
    )
      return undefined;
    return { value: [value], label: value, description: vscode.l10n.t('as typed') };
  };
}

function titleOf({ title }: RequestPurpose, { summary }: DocumentedEndpoint): string {
  return vscode.l10n.t('{0}: {1}', title, summary);
}

function isNeeded({ path }: DocumentedEndpoint, { name, required }: EndpointParameter): boolean {
  return required === true || path.includes(`{${name}}`);
}

/** Why a text can't be sent for a parameter, in a sentence. Scalekit checks the rest. */
function problemOf(endpoint: DocumentedEndpoint, parameter: EndpointParameter, text: string): string | undefined {
  const read = readParameter(parameter, text);
  if ('problem' in read) return read.problem;
  if (read.texts.length === 0)
    return isNeeded(endpoint, parameter) ? vscode.l10n.t('{0} is required.', parameter.name) : undefined;
  const inPath = endpoint.path.includes(`{${parameter.name}}`);
  return inPath && !read.texts.every(isPathSegment) ? vscode.l10n.t('This can’t be used in a path.') : undefined;
}
