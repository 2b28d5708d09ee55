#include "assign/core/operation_lock.h"

#include "assign/core/json_fields.h"
#include "assign/core/utc_time.h"
#include "platform/process.h"

#include <chrono>
#include <thread>

namespace exhyperv::assign {

namespace {

constexpr int kLooks = 5;
constexpr auto kLookTime = std::chrono::milliseconds(10);

std::string lock_path(const std::string& state_directory) {
    return state_directory + "/operation.lock";
}

/// Beside the lock, not in it: where locks are mandatory nobody else could read it.
std::string holder_path(const std::string& state_directory) {
    return state_directory + "/operation.holder";
}

Result<platform::File> open_lock_file(const std::string& path) {
    for (int attempt = 0;; ++attempt) {
        auto file = platform::File::open(path, platform::OpenMode::read_write);
        if (file || file.error().code != "file.not_found") return file;
        file = platform::File::open(path, platform::OpenMode::create_new);
        if (file || file.error().code != "file.exists" || attempt == 2)
            return file; // another one was faster: open that
    }
}

Result<platform::File> locked_file(const std::string& state_directory) {
    TRY_ASSIGN(auto file, open_lock_file(lock_path(state_directory)));
    TRY(file.lock_exclusive());
    return file;
}

Error busy(const std::string& state_directory) {
    Error error{"operation.busy", {}, {}, {}, {}};
    const auto text = platform::read_text_file(holder_path(state_directory), 64u << 10);
    const auto holder = nlohmann::json::parse(text ? *text : std::string{}, nullptr, false);
    error.with("holder", text_or(holder, "who", "?"));
    error.with("process", text_or(holder, "process", "?"));
    error.with("operation", text_or(holder, "operation", "?"));
    error.with("since", text_or(holder, "since", "?"));
    return error;
}

} // namespace

Result<OperationLock> OperationLock::acquire(const std::string& state_directory, const std::string& operation) {
    TRY(platform::make_directories(state_directory));
    auto file = locked_file(state_directory);
    for (int look = 0; !file && file.error().code == "file.busy" && look < kLooks; ++look) {
        std::this_thread::sleep_for(kLookTime); // may be no holder but a look of operation_running()
        file = locked_file(state_directory);
    }
    if (!file) return file.error().code == "file.busy" ? fail(busy(state_directory)) : fail(std::move(file).error());
    TRY(platform::write_file_atomically(holder_path(state_directory),
                                        one_line({{"who", platform::user_and_machine()},
                                                  {"process", std::to_string(platform::process_id())},
                                                  {"operation", operation},
                                                  {"since", utc_now()}})));
    return OperationLock(std::move(*file));
}

bool operation_running(const std::string& state_directory) {
    auto file = platform::File::open(lock_path(state_directory), platform::OpenMode::read_write);
    if (!file) return file.error().code == "file.busy";
    const auto locked = file->lock_exclusive();
    return !locked && locked.error().code == "file.busy";
}

} // namespace exhyperv::assign
