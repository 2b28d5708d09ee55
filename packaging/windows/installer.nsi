; Installer of ExHyperV for 64-bit Windows. build_packages.sh gives VERSION, FOUR_PART_VERSION, STAGE (the files) and OUTPUT.
; Silent: /S, folder: /D=C:\folder (last). Uninstall: uninstall.exe /S; with /DATA also what the program kept for this user.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
Name "ExHyperV"
OutFile "${OUTPUT}"
InstallDir "$PROGRAMFILES64\ExHyperV"
RequestExecutionLevel admin
ShowInstDetails nevershow
BrandingText "ExHyperV ${VERSION}"
Icon "${ICON}"
UninstallIcon "${ICON}"
VIProductVersion "${FOUR_PART_VERSION}"
VIAddVersionKey "ProductName" "ExHyperV"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "ExHyperV installer"
VIAddVersionKey "LegalCopyright" "GPL-3.0-or-later"

!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "path.nsh"

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\ExHyperV"

Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Section
  SetRegView 64
  SetShellVarContext all
  ClearErrors
  SetOutPath "$INSTDIR"
  File "${STAGE}\exhyperv.exe"
  File "${STAGE}\LICENSE.txt"
  File "${STAGE}\README.md"
  File "${STAGE}\README.zh-Hans.md"
  File "${STAGE}\THIRD-PARTY.txt"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    SetErrorLevel 2
    Abort "The files could not be written to $INSTDIR. Is the program running?"
  ${EndIf}
  CreateShortCut "$SMPROGRAMS\ExHyperV.lnk" "$INSTDIR\exhyperv.exe" "ui"
  Push "$INSTDIR"
  Call AddToPath
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayName" "ExHyperV"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\exhyperv.exe"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "Publisher" "The ExHyperV authors"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "EstimatedSize" $0
SectionEnd

Section "Uninstall"
  SetRegView 64
  SetShellVarContext all
  ClearErrors
  Delete "$INSTDIR\exhyperv.exe"
  ${If} ${Errors}
    SetErrorLevel 2
    Abort "exhyperv.exe could not be deleted. Is it running?"
  ${EndIf}
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\README.md"
  Delete "$INSTDIR\README.zh-Hans.md"
  Delete "$INSTDIR\THIRD-PARTY.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; only when nothing of somebody else's is in it
  Delete "$SMPROGRAMS\ExHyperV.lnk"
  Push "$INSTDIR"
  Call un.RemoveFromPath
  DeleteRegKey HKLM "${UNINSTALL_KEY}"
  ; The journal of what was done to virtual machines is the user's: it goes only when asked for.
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DATA" $1
  ${IfNot} ${Errors}
    SetShellVarContext current
    RMDir /r "$LOCALAPPDATA\ExHyperV"
  ${EndIf}
SectionEnd
