@echo off
rem Runs Sluice on the module path. SLUICE_OPTS holds further options for the JVM.
setlocal EnableExtensions DisableDelayedExpansion

set "application=%~dp0.."
set "java="
if defined JAVA_HOME call :consider "%JAVA_HOME%"
for /f "delims=" %%J in ('where java 2^>nul') do call :consider "%%~dpJ.."
for /d %%D in (
  "%ProgramFiles%\Eclipse Adoptium\*"
  "%ProgramFiles%\Java\*"
  "%ProgramFiles%\Microsoft\*"
  "%ProgramFiles%\Zulu\*"
  "%ProgramFiles%\Amazon Corretto\*"
  "%USERPROFILE%\.jdks\*"
) do call :consider "%%~D"

if not defined java (
  echo sluice: needs a JDK 25 or newer with the module jdk.incubator.vector: install one, for instance Eclipse Temurin 25, https://adoptium.net, or set JAVA_HOME to it 1>&2
  exit /b 1
)

"%java%" --enable-native-access=org.jline.nativ,dev.sluice %SLUICE_OPTS% --module-path "%application%\lib" --add-modules ALL-MODULE-PATH,java.desktop,jdk.jfr --module dev.sluice/dev.sluice.cli.Main %*
exit /b %ERRORLEVEL%

rem Takes the JDK in folder %1 if none was taken yet and its release file says that it can run Sluice.
:consider
if defined java exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
findstr /r /c:"^JAVA_VERSION=.2[5-9]" /c:"^JAVA_VERSION=.[3-9][0-9]" "%~1\release" >nul || exit /b 0
findstr /c:"jdk.incubator.vector" "%~1\release" >nul || exit /b 0
set "java=%~1\bin\java.exe"
exit /b 0
