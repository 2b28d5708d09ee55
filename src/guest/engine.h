#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace exhyperv::guest {

/// Who writes into a guest disk. Looking is always *direct*: mounting a volume for Windows changes it.
enum class Engine : std::uint8_t {
    direct,  ///< our own: image file → transaction → libntfs-3g or libext2fs; everywhere, without rights of an
             ///< administrator
    windows, ///< the system's: the image is attached for the time, files are changed by Windows' own NTFS; on Windows
};

[[nodiscard]] std::string_view engine_name(Engine engine); ///< "direct", "windows"
[[nodiscard]] std::optional<Engine> engine_of_name(std::string_view name);
/// Can this build do it?
[[nodiscard]] bool has_engine(Engine engine);
/// What is taken when nobody says: *windows* on Windows, *direct* elsewhere.
[[nodiscard]] Engine default_engine();

} // namespace exhyperv::guest
