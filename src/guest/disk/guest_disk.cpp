#include "guest/block/beside_image.h"
#include "guest/block/undo_marker.h"
#include "guest/disk/direct_engine.h"
#include "guest/disk/windows_engine.h"

namespace exhyperv::guest {

std::string_view engine_name(Engine engine) {
    return engine == Engine::windows ? "windows" : "direct";
}

std::optional<Engine> engine_of_name(std::string_view name) {
    for (const auto engine : {Engine::direct, Engine::windows})
        if (name == engine_name(engine)) return engine;
    return std::nullopt;
}

bool has_engine(Engine engine) {
    return engine == Engine::direct || windows_engine_is_here();
}

Engine default_engine() {
    return windows_engine_is_here() ? Engine::windows : Engine::direct;
}

Result<std::unique_ptr<GuestDisk>> GuestDisk::open(const std::string& image_path, const GuestOpenOptions& options) {
    if (!options.writable) {
        auto opened = open_directly(image_path, options);
        const bool locked = !opened && opened.error().code == "guest.bitlocker";
        return locked && windows_engine_is_here() ? open_unlocked(image_path, options) : std::move(opened);
    }
    if (!has_engine(options.engine))
        return fail("guest.engine_not_here", {{"engine", std::string(engine_name(options.engine))}});
    TRY(require_no_child(image_path));
    // Whoever left the undo log: Windows can always settle it, we cannot when it did not close the volume.
    if (has_undo_marker(image_path) || was_left_online(image_path))
        TRY(windows_engine_is_here() ? settle_undo_by_windows(image_path) : settle_undo_directly(image_path));
    return options.engine == Engine::windows ? open_by_windows(image_path, options)
                                             : open_directly(image_path, options);
}

} // namespace exhyperv::guest
