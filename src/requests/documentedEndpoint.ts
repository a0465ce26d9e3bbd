/** A GET that Scalekit documents for client credentials. */
export interface DocumentedEndpoint {
  /** Path template, for example `/api/v1/organizations/{id}`. */
  readonly path: string;
  /** What it does, in Scalekit's own words, for example `List organizations`. */
  readonly summary: string;
  /** Its heading in Scalekit's API reference, for example `Organizations`. */
  readonly resource: string;
  /** Path parameters in the path's order, then query parameters. */
  readonly parameters: readonly EndpointParameter[];
}

/** A parameter of an endpoint, with the rules that help the user to fill it in. Scalekit decides what it accepts. */
export interface EndpointParameter {
  readonly name: string;
  /** Text when left out. `time` is RFC 3339. */
  readonly type?: 'number' | 'boolean' | 'time';
  /** Takes several values. */
  readonly repeated?: true;
  /** Minimum and maximum: a number's value, or a text's length in characters. */
  readonly least?: number;
  readonly most?: number;
  /** What the text must begin with, for example `org_`. */
  readonly prefix?: string;
  /** The only accepted values. */
  readonly values?: readonly string[];
  /** A query parameter that Scalekit requires. */
  readonly required?: true;
}

/** The parameters in an endpoint's path. All are required. */
export function pathParameters({ path, parameters }: DocumentedEndpoint): readonly EndpointParameter[] {
  return parameters.filter(({ name }) => path.includes(`{${name}}`));
}
