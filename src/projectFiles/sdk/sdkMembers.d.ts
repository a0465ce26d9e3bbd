/** What the SDK's own type declarations say, made by esbuild.mjs. */
declare module 'scalekit:sdk-members' {
  /** The version of `@scalekit-sdk/node` that they belong to. */
  export const sdkVersion: string;
  /** The methods of the client itself (under `''`) and of each of its parts. */
  export const sdkMethods: Readonly<Record<string, readonly string[]>>;
  /** By `part.method`: the position of an argument that is an object, and the names in it. */
  export const sdkOptions: Readonly<Record<string, readonly (readonly [position: number, names: readonly string[]])[]>>;
}
