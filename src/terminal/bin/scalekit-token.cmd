@echo off
setlocal DisableDelayedExpansion
if not defined SCALEKIT_WORKBENCH_SOCKET goto outside
if not exist "%SCALEKIT_WORKBENCH_NODE%" goto ended
set NODE_OPTIONS=
set ELECTRON_RUN_AS_NODE=1
"%SCALEKIT_WORKBENCH_NODE%" "%~dp0scalekit-terminal.cjs" token %*
exit /b %ERRORLEVEL%
:outside
echo scalekit-token: this is not a terminal that "Scalekit: Open Terminal with Scalekit" in VS Code has opened. 1>&2
exit /b 1
:ended
echo scalekit-token: %SCALEKIT_WORKBENCH_ENDED% 1>&2
exit /b 1
