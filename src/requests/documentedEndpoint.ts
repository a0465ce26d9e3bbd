/** A GET that Scalekit documents for client credentials. */
export interface DocumentedEndpoint {
  /** Path template, for example `/api/v1/organizations/{id}`. */
  readonly path: string;
  /** What it does, in Scalekit's own words, for example `List organizations`. */
  readonly summary: string;
  /** The heading it stands under in Scalekit's API reference, for example `Organizations`. */
  readonly resource: string;
  /** Those of the path in its order, then those of the query. */
  readonly parameters: readonly EndpointParameter[];
}

/** A parameter of an endpoint, with as much of its rules as helps a person to fill it in. Scalekit alone decides what it takes. */
export interface EndpointParameter {
  readonly name: string;
  /** Text when left out. `time` is RFC 3339. */
  readonly type?: 'number' | 'boolean' | 'time';
  /** Takes several values. */
  readonly repeated?: true;
  /** The least and the most: of a number its value, of a text its length in characters. */
  readonly least?: number;
  readonly most?: number;
  /** What the text must begin with, for example `org_`. */
  readonly prefix?: string;
  /** The only values it takes. */
  readonly values?: readonly string[];
  /** A query parameter without which Scalekit refuses the call. */
  readonly required?: true;
}

/** The parameters in an endpoint's path, none of which can be left out. */
export function pathParameters({ path, parameters }: DocumentedEndpoint): readonly EndpointParameter[] {
  return parameters.filter(({ name }) => path.includes(`{${name}}`));
}
