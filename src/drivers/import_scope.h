#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

/// A file or folder of the host that a user wants in the guest besides what the card needs.
struct ExtraSource {
    /// A path below the driver store's FileRepository ("nvhda.inf_amd64_…"), or a whole host path ("C:\Tools\x.dll").
    std::string source;
    std::string target; ///< below the guest's volume root; empty: where the host has it
    bool operator==(const ExtraSource&) const = default;
};

/// What comes into a guest with a card besides the files the card needs. Kept in the manifest, so that later imports
/// and sync keep to it.
struct ImportScope {
    bool full_store = false;     ///< the whole FileRepository
    bool vendor_folders = false; ///< the vendor's folders in Program Files, Program Files (x86) and ProgramData
    std::vector<ExtraSource> extras;
    /// false: the guest has extras that no record of this host speaks of. They stay as they are.
    bool complete = true;
    bool operator==(const ImportScope&) const = default;
    [[nodiscard]] bool plain() const { return *this == ImportScope{}; }
};

/// What one import is asked for, on top of what the earlier ones were.
struct ScopeWish {
    bool only_needed = false; ///< forget what earlier imports were asked for
    bool full_store = false;
    bool vendor_folders = false;
    std::vector<ExtraSource> extras;
    bool operator==(const ScopeWish&) const = default;
    [[nodiscard]] bool none() const { return *this == ScopeWish{}; }
};

/// "SOURCE" or "SOURCE=TARGET", as the command line has it.
[[nodiscard]] ExtraSource parse_extra(std::string_view text);

} // namespace exhyperv::drivers
