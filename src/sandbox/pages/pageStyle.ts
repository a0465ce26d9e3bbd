/** The style of all pages. Its hash is in their Content-Security-Policy. The colors of forms and links are the system's. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; overflow-wrap: anywhere; }
main, footer { box-sizing: border-box; max-width: 34rem; margin: 0 auto; padding: 1rem; }
main { padding-top: 3rem; }
footer { font-size: 0.875rem; opacity: 0.8; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 0.5rem; }
label, legend, dt { font-weight: 600; }
fieldset { border: 1px solid; border-radius: 0.375rem; margin: 1rem 0; padding: 0.75rem 1rem; }
dl { margin: 1rem 0; }
dd { margin: 0 0 0.5rem; }
input:not([type=radio], [type=checkbox], [type=hidden]), select {
  box-sizing: border-box; width: 100%; min-height: 2.5rem; margin: 0.25rem 0 0.75rem; padding: 0.25rem 0.5rem; font: inherit;
}
textarea { box-sizing: border-box; width: 100%; margin: 0.25rem 0 0.75rem; padding: 0.5rem; font: 0.9375rem ui-monospace, monospace; }
pre { overflow-x: auto; white-space: pre-wrap; font: 0.9375rem ui-monospace, monospace; }
button { min-height: 2.5rem; margin: 0.5rem 0.5rem 0.5rem 0; padding: 0.25rem 1rem; font: inherit; cursor: pointer; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; }
.hint { margin: 0 0 0.75rem; font-size: 0.875rem; }
.problem { border-left: 0.25rem solid #c42b1c; padding-left: 0.75rem; }
code { font: 0.9375rem ui-monospace, monospace; }
:focus-visible { outline: 2px solid; outline-offset: 2px; }
`;
