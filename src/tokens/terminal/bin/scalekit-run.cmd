@echo off
setlocal
if not defined SCALEKIT_WORKBENCH_SOCKET goto outside
if not exist "%SCALEKIT_WORKBENCH_NODE%" goto ended
set ELECTRON_RUN_AS_NODE=1
"%SCALEKIT_WORKBENCH_NODE%" "%SCALEKIT_WORKBENCH_PROGRAM%" run %*
exit /b %ERRORLEVEL%
:outside
echo scalekit-run: this is not a terminal that "Scalekit: Open Terminal with Scalekit" in VS Code has opened. 1>&2
exit /b 1
:ended
echo scalekit-run: %SCALEKIT_WORKBENCH_ENDED% 1>&2
exit /b 1
