#include "transport/sim/store/keeper.h"

#include "transport/sim/services/dispatch.h"
#include "transport/sim/store/state_file.h"

#include <algorithm>
#include <array>

namespace exhyperv::sim {

namespace {

constexpr std::uint64_t kStateLimit = 256ull << 20;

std::string state_path(const std::string& directory) {
    return directory + "/state.bin";
}

/// Waits for the lock file, which every change of the state holds.
Result<platform::File> take_lock(const std::string& directory, const CallContext& context) {
    const auto path = directory + "/state.lock";
    for (bool busy = false;; busy = true) {
        if (busy && context.deadline.expired()) return fail("sim.in_use", {{"path", directory}});
        TRY(context.check("the state of the simulated host"));
        auto file = platform::File::open(path, platform::OpenMode::read_write);
        if (!file && file.error().code == "file.not_found") {
            file = platform::File::open(path, platform::OpenMode::create_new);
        }
        if (!file && file.error().code != "file.exists" && file.error().code != "file.busy") return fail(file.error());
        if (file) {
            auto locked = file->lock_exclusive();
            if (locked) return std::move(*file);
            if (locked.error().code != "file.busy") return fail(locked.error());
        }
        auto pause = std::min<Deadline::Clock::duration>(std::chrono::milliseconds(2), context.deadline.left());
        if (pause > pause.zero()) (void)context.sleep(pause, "the state of the simulated host"); // looked at above
    }
}

/// Checksum in the state file's header; 0 when there is no file.
std::uint64_t current_checksum(const std::string& directory) {
    auto file = platform::File::open(state_path(directory), platform::OpenMode::read);
    if (!file) return 0;
    std::array<std::byte, kStateHeader> header{};
    if (!file->read_at(0, header)) return 0;
    return state_checksum({reinterpret_cast<const char*>(header.data()), header.size()});
}

/// Every disk is fine: what a host without files answers.
class NoDisks final : public DiskProbe {
  public:
    DiskAnswer probe(const World&, const std::string&) const override { return DiskAnswer::fine; }
    void remove(const std::string&) const override {}
    std::uint64_t length(const std::string&) const override { return 0; }
};
const NoDisks kNoDisks;

} // namespace

Result<std::unique_ptr<Keeper>> Keeper::open(std::string directory, std::shared_ptr<const SimClock> clock,
                                             const std::function<Result<World>()>& make) {
    auto keeper = std::unique_ptr<Keeper>(new Keeper(std::move(directory), std::move(clock)));
    if (keeper->directory_.empty()) {
        TRY_ASSIGN(keeper->world_, make());
        keeper->stored_tuning_ = keeper->world_.tuning;
        return keeper;
    }
    if (current_checksum(keeper->directory_) == 0 && !platform::file_exists(state_path(keeper->directory_))) {
        TRY(platform::make_directories(keeper->directory_));
        TRY_ASSIGN(auto held, take_lock(keeper->directory_, CallContext::within(std::chrono::seconds(60))));
        // Another process may have made it meanwhile.
        if (!platform::file_exists(state_path(keeper->directory_))) {
            TRY_ASSIGN(auto world, make());
            TRY(platform::write_file_atomically(state_path(keeper->directory_), encode_state(world)));
        }
    }
    TRY(keeper->refresh());
    return keeper;
}

Result<> Keeper::replace(const std::string& directory, const World& world, const CallContext& context,
                         const std::function<Result<>()>& clear) {
    TRY(platform::make_directories(directory));
    TRY_ASSIGN(auto held, take_lock(directory, context));
    TRY(clear());
    return platform::write_file_atomically(state_path(directory), encode_state(world));
}

void Keeper::set_tuning(std::function<void(Tuning&)> adjust) {
    std::scoped_lock guard(mutex_);
    adjust_ = std::move(adjust);
    world_.tuning = stored_tuning_;
    if (adjust_) adjust_(world_.tuning);
}

Result<> Keeper::load(const std::string& bytes) {
    TRY_ASSIGN(world_, decode_state(bytes, state_path(directory_)));
    loaded_ = state_checksum(bytes);
    stored_tuning_ = world_.tuning;
    if (adjust_) adjust_(world_.tuning);
    return {};
}

Result<> Keeper::refresh() {
    if (directory_.empty() || (loaded_ != 0 && current_checksum(directory_) == loaded_)) return {};
    TRY_ASSIGN(auto bytes, platform::read_text_file(state_path(directory_), kStateLimit));
    return load(bytes);
}

Result<> Keeper::save() {
    if (directory_.empty()) return {};
    auto tuned = world_.tuning;
    world_.tuning = stored_tuning_;
    auto bytes = encode_state(world_);
    world_.tuning = tuned;
    if (state_checksum(bytes) == loaded_) return {};
    TRY(platform::write_file_atomically(state_path(directory_), bytes));
    loaded_ = state_checksum(bytes);
    return {};
}

Result<> Keeper::read(const CallContext& context, const std::function<Result<>(const World&, std::int64_t)>& body) {
    {
        std::scoped_lock guard(mutex_);
        TRY(refresh());
        const auto now = now_ms();
        if (!has_due(world_, now)) return body(world_, now);
    }
    return change(context, [&](World& world, std::int64_t now) { return body(world, now); });
}

Result<> Keeper::change(const CallContext& context, const std::function<Result<>(World&, std::int64_t)>& body) {
    std::optional<platform::File> held;
    if (!directory_.empty()) {
        TRY_ASSIGN(held, take_lock(directory_, context));
    }
    std::scoped_lock guard(mutex_);
    TRY(refresh());
    const auto now = now_ms();
    const DiskProbe& disks = disks_ ? *disks_ : kNoDisks;
    advance(world_, now, disks);
    auto result = body(world_, now);
    auto saved = save();
    if (!saved) {
        loaded_ = 0; // what is in memory was not kept: read the file again next time
        return fail(saved.error());
    }
    return result;
}

} // namespace exhyperv::sim
