/** The style of the sandbox's first page, beside that of all pages. */
export const SANDBOX_PAGE_STYLE = `
main, footer { max-width: 75rem; }
main { padding-top: 1.5rem; }
section { min-width: 0; }
section h2 { border-top: 1px solid color-mix(in srgb, CanvasText 20%, transparent); padding-top: 0.75rem; }
ul, ol { margin: 0.5rem 0; padding: 0; list-style: none; }
li { padding: 0.25rem 0; }
pre { margin: 0.5rem 0; }
#users .quiet { display: block; font-size: 0.875rem; }
section form { display: inline; }
section button { min-height: 2rem; margin: 0.25rem 0.25rem 0.25rem 0; padding: 0.125rem 0.75rem; font-size: 0.875rem; }
.note { font-size: 0.875rem; margin: 0.25rem 0 0.5rem; }
.ended { border-left: 0.25rem solid #c42b1c; padding-left: 0.75rem; }
.ended:empty { display: none; }
#requests li { display: flex; flex-wrap: wrap; gap: 0 0.75rem; border-bottom: 1px solid color-mix(in srgb, CanvasText 12%, transparent); font-size: 0.9375rem; }
#requests code { flex: 1 1 14rem; min-width: 0; }
#requests time, .quiet { opacity: 0.75; font-variant-numeric: tabular-nums; }
#requests .why { flex-basis: 100%; }
.status { min-width: 3.25rem; }
.duration { min-width: 4rem; text-align: right; }
.bad .status, .why { color: light-dark(#b3261e, #ff9a90); font-weight: 600; }
.why { font-weight: 400; }
#requests:not(:empty) ~ .none, .no-errors { display: none; }
body:has(#only-errors:checked) #requests li:not(.bad) { display: none; }
body:has(#only-errors:checked) #requests:not(:empty, :has(.bad)) ~ .no-errors { display: block; }
@media (min-width: 60rem) {
  .columns { display: grid; grid-template-columns: minmax(0, 1fr) 24rem; gap: 0 2.5rem; align-items: start; }
}
`;
