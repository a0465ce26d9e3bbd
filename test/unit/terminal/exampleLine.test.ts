import assert from 'node:assert/strict';
import { exampleLine } from '../../../src/terminal/exampleLine';

describe('the example line of a terminal', () => {
  const posix = 'curl -H "Authorization: Bearer $(scalekit-token)" "$SCALEKIT_ENVIRONMENT_URL/api/v1/organizations"';
  const cases: readonly [shell: string, platform: NodeJS.Platform, line: string][] = [
    ['/bin/bash', 'linux', posix],
    ['/usr/bin/fish', 'linux', posix],
    ['', 'darwin', posix],
    ['C:\\Program Files\\Git\\bin\\bash.exe', 'win32', posix],
    [
      'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      'win32',
      'curl.exe -H "Authorization: Bearer $(scalekit-token)" "$env:SCALEKIT_ENVIRONMENT_URL/api/v1/organizations"',
    ],
    [
      '/usr/bin/pwsh',
      'linux',
      'curl -H "Authorization: Bearer $(scalekit-token)" "$env:SCALEKIT_ENVIRONMENT_URL/api/v1/organizations"',
    ],
    [
      'C:\\Windows\\System32\\cmd.exe',
      'win32',
      `for /f "delims=" %t in ('scalekit-token') do @curl -H "Authorization: Bearer %t" %SCALEKIT_ENVIRONMENT_URL%/api/v1/organizations`,
    ],
  ];
  for (const [shell, platform, line] of cases) {
    it(`is written for ${shell === '' ? 'an unknown shell' : shell} on ${platform}`, () => {
      assert.equal(exampleLine(shell, platform), line);
    });
  }
});
