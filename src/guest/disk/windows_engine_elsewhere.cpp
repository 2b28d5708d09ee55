#include "guest/disk/windows_engine.h"

namespace exhyperv::guest {
namespace {
tl::unexpected<Error> not_here() {
    return fail("guest.engine_not_here", {{"engine", std::string(engine_name(Engine::windows))}});
}
} // namespace

bool windows_engine_is_here() {
    return false;
}

Result<std::unique_ptr<GuestDisk>> open_by_windows(const std::string&, const GuestOpenOptions&) {
    return not_here();
}

Result<std::unique_ptr<GuestDisk>> open_unlocked(const std::string&, const GuestOpenOptions&) {
    return not_here();
}

void look_by_windows(const std::string&, DiskSurvey&) {}

Result<> settle_undo_by_windows(const std::string&) {
    return not_here();
}

} // namespace exhyperv::guest
