@echo off
setlocal DisableDelayedExpansion
if not defined SCALEKIT_WORKBENCH_SOCKET goto outside
if not exist "%SCALEKIT_WORKBENCH_NODE%" goto ended
rem NODE_OPTIONS is for the user's own Node programs, so it's saved for the command and not used for this one.
if not defined NODE_OPTIONS goto ask
setlocal EnableDelayedExpansion
for /f "delims=" %%A in ("!NODE_OPTIONS!") do endlocal & set "SCALEKIT_WORKBENCH_NODE_OPTIONS=%%A"
:ask
set NODE_OPTIONS=
set ELECTRON_RUN_AS_NODE=1
"%SCALEKIT_WORKBENCH_NODE%" "%~dp0scalekit-terminal.cjs" run %*
exit /b %ERRORLEVEL%
:outside
echo scalekit-run: this is not a terminal that "Scalekit: Open Terminal with Scalekit" in VS Code has opened. 1>&2
exit /b 1
:ended
echo scalekit-run: %SCALEKIT_WORKBENCH_ENDED% 1>&2
exit /b 1
