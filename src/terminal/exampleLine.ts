/** A line that lists organizations in a new terminal, as it must be written for its shell. */
export function exampleLine(shell: string, platform: NodeJS.Platform = process.platform): string {
  const name = (shell.split(/[\\/]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  const path = '/api/v1/organizations';
  if (name === 'cmd')
    return `for /f "delims=" %t in ('scalekit-token') do @curl -H "Authorization: Bearer %t" %SCALEKIT_ENVIRONMENT_URL%${path}`;
  const header = '-H "Authorization: Bearer $(scalekit-token)"';
  if (/^(?:powershell|pwsh)/.test(name))
    // In Windows PowerShell, "curl" is another program.
    return `${platform === 'win32' ? 'curl.exe' : 'curl'} ${header} "$env:SCALEKIT_ENVIRONMENT_URL${path}"`;
  return `curl ${header} "$SCALEKIT_ENVIRONMENT_URL${path}"`;
}
