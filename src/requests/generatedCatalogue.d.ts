/** The build generates it from the descriptors in Scalekit's SDK: see `endpointCatalogue` in esbuild.mjs. */
declare module 'scalekit:endpoint-catalogue' {
  export const documentedEndpoints: readonly import('./documentedEndpoint').DocumentedEndpoint[];
}
