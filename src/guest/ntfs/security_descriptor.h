#pragma once

#include "support/result.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace exhyperv::guest {

/// Self-relative security descriptor ([MS-DTYP] 2.4.6) from the part of SDDL ([MS-DTYP] 2.5.1) that describes Windows'
/// own directories: O:, G:, D: with flags P, AI, AR; ACEs of type A or D with flags OI, CI, IO, NP, ID; rights GA GR GW
/// GX FA FR FW FX SD RC WD WO and hexadecimal; SIDs S-1-… and BA SY BU AU WD CO CG AC TI (TI: TrustedInstaller, an
/// abbreviation of ours). `guest.bad_acl` {sddl, reason} otherwise.
[[nodiscard]] Result<std::vector<std::byte>> security_descriptor(std::string_view sddl);

/// As Windows Setup leaves them: the root of the system volume, and C:\Windows with everything the system owns.
inline constexpr std::string_view kSystemRootSddl =
    "O:TIG:TID:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)(A;OICIIO;SDGXGWGR;;;AU)(A;;0x100004;;;AU)";
inline constexpr std::string_view kWindowsDirectorySddl =
    "O:TIG:TID:PAI(A;OICIIO;GA;;;CO)(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;SY)(A;OICIIO;GA;;;BA)(A;;0x1301bf;;;BA)"
    "(A;OICIIO;GXGR;;;BU)(A;;0x1200a9;;;BU)(A;CIIO;GA;;;TI)(A;;FA;;;TI)(A;;0x1200a9;;;AC)(A;OICIIO;GXGR;;;AC)";

} // namespace exhyperv::guest
