const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A static page with one sentence. It has no script, no style and nothing of the request. */
export function pageOf(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width">
<title>Scalekit Workbench</title>
</head>
<body>
<main><p>${escaped}</p></main>
</body>
</html>
`;
}
