; The machine's PATH, taken from and given back to the registry in memory: NSIS' own strings end at 1,024 characters, and a
; longer PATH would come back cut off.
!define ENVIRONMENT_KEY "SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
!define PATH_BYTES 131072 ; twice what Windows lets a variable have

; $R0 key, $R1 buffer, $R2 type, $R3 result, $R4 bytes, $R5 ";folder", $R6 where it is
!macro ReadPath
  StrCpy $R1 0
  System::Call 'advapi32::RegOpenKeyExW(p 0x80000002, w "${ENVIRONMENT_KEY}", i 0, i 0x20107, *p .R0) i .R3'
  ${If} $R3 = 0
    System::Alloc ${PATH_BYTES}
    Pop $R1
    StrCpy $R4 65536
    StrCpy $R2 2
    System::Call 'advapi32::RegQueryValueExW(p R0, w "Path", p 0, *i .R2, p R1, *i R4R4) i .R3'
    ${If} $R3 = 2 ; there is none yet: REG_EXPAND_SZ
      StrCpy $R2 2
      StrCpy $R3 0
    ${EndIf}
  ${EndIf}
!macroend

!macro WritePath
  System::Call 'kernel32::lstrlenW(p R1) i .R4'
  IntOp $R4 $R4 + 1
  IntOp $R4 $R4 * 2
  System::Call 'advapi32::RegSetValueExW(p R0, w "Path", i 0, i R2, p R1, i R4) i .R3'
  ${If} $R3 = 0
    SendMessage 0xFFFF 0x001A 0 "STR:Environment" /TIMEOUT=2000
  ${EndIf}
!macroend

!macro ClosePath
  ${If} $R1 P<> 0
    System::Free $R1
    System::Call 'advapi32::RegCloseKey(p R0)'
  ${EndIf}
!macroend

Function AddToPath
  Pop $R5
  StrCpy $R5 ";$R5"
  !insertmacro ReadPath
  ${If} $R3 = 0
    System::Call 'shlwapi::StrStrIW(p R1, w R5) p .R6'
    ${If} $R6 P= 0
      System::Call 'kernel32::lstrcatW(p R1, w R5)'
      !insertmacro WritePath
    ${EndIf}
  ${EndIf}
  ${If} $R3 <> 0
    DetailPrint "PATH could not be changed (error $R3); add the folder yourself."
  ${EndIf}
  !insertmacro ClosePath
FunctionEnd

Function un.RemoveFromPath
  Pop $R5
  StrCpy $R5 ";$R5"
  !insertmacro ReadPath
  ${If} $R3 = 0
    System::Call 'shlwapi::StrStrIW(p R1, w R5) p .R6'
    ${If} $R6 P<> 0
      StrLen $R7 $R5
      IntOp $R7 $R7 * 2
      IntPtrOp $R7 $R6 + $R7
      System::Call 'kernel32::lstrlenW(p R7) i .R8'
      IntOp $R8 $R8 + 1
      IntOp $R8 $R8 * 2
      System::Call 'ntdll::RtlMoveMemory(p R6, p R7, p R8)'
      !insertmacro WritePath
    ${EndIf}
  ${EndIf}
  !insertmacro ClosePath
FunctionEnd
