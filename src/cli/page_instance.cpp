#include "cli/page_instance.h"

#include "platform/private_file.h"
#include "support/strings.h"

namespace exhyperv::cli {
namespace {

constexpr std::uint64_t kLongestAddress = 4096;

std::string folder_of(const std::string& data_directory) {
    return data_directory + "/ui";
}

std::string address_file(const std::string& data_directory, const std::string& host_key) {
    return folder_of(data_directory) + "/" + host_key + ".address";
}

std::string door_file(const std::string& data_directory, const std::string& host_key) {
    return folder_of(data_directory) + "/" + host_key + ".html";
}

/// A page that is nothing but the way to another one.
std::string door_to(const std::string& address) {
    std::string safe = replace_all(address, "&", "&amp;");
    safe = replace_all(safe, "\"", "&quot;");
    safe = replace_all(safe, "<", "&lt;");
    return "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
           "<title>ExHyperV</title>\n<meta http-equiv=\"refresh\" content=\"0; url=" +
           safe + "\">\n<p><a href=\"" + safe + "\">ExHyperV</a></p>\n";
}

Result<platform::File> open_lock(const std::string& path) {
    auto made = platform::File::open(path, platform::OpenMode::create_new);
    if (made || made.error().code != "file.exists") return made;
    return platform::File::open(path, platform::OpenMode::read_write);
}

} // namespace

Result<std::optional<PageInstance>> PageInstance::claim(const std::string& data_directory,
                                                        const std::string& host_key) {
    const auto busy = [](const Error& error) { return error.code == "file.busy"; };
    TRY(platform::make_directories(folder_of(data_directory)));
    auto file = open_lock(folder_of(data_directory) + "/" + host_key + ".lock");
    if (!file && busy(file.error())) return std::optional<PageInstance>{};
    if (!file) return fail(std::move(file).error());
    auto locked = file->lock_exclusive();
    if (!locked && busy(locked.error())) return std::optional<PageInstance>{};
    if (!locked) return fail(std::move(locked).error());
    const auto address = address_file(data_directory, host_key);
    const auto door = door_file(data_directory, host_key);
    TRY(platform::remove_file(address)); // of a process that is dead
    TRY(platform::remove_file(door));
    return PageInstance(std::move(*file), address, door);
}

PageInstance::~PageInstance() {
    if (!lock_) return;
    for (const auto& file : {address_file_, door_file_}) // before the lock goes
        if (!file.empty()) (void)platform::remove_file(file);
}

Result<> PageInstance::announce(const std::string& address) const {
    TRY(platform::write_private_file(door_file_, door_to(address)));
    return platform::write_private_file(address_file_, address); // last: who finds it finds the other one too
}

Result<RunningPage> find_running_page(const std::string& data_directory, const std::string& host_key,
                                      const CallContext& context) {
    const auto file = address_file(data_directory, host_key);
    for (;;) {
        auto address = platform::read_text_file(file, kLongestAddress);
        if (address && !address->empty()) return RunningPage{std::move(*address), door_file(data_directory, host_key)};
        if (auto slept = context.sleep(std::chrono::milliseconds(100), "the page"); !slept) {
            if (slept.error().code == "call.cancelled") return fail(std::move(slept).error());
            return fail("serve.not_found", {{"file", file}});
        }
    }
}

} // namespace exhyperv::cli
