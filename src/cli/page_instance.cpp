#include "cli/page_instance.h"

#include "platform/private_file.h"

namespace exhyperv::cli {
namespace {

constexpr std::uint64_t kLongestAddress = 4096;

std::string folder_of(const std::string& data_directory) {
    return data_directory + "/ui";
}

std::string address_file(const std::string& data_directory, const std::string& host_key) {
    return folder_of(data_directory) + "/" + host_key + ".address";
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
    TRY(platform::remove_file(address)); // of a process that is dead
    return PageInstance(std::move(*file), address);
}

PageInstance::~PageInstance() {
    if (lock_ && !address_file_.empty()) (void)platform::remove_file(address_file_); // before the lock goes
}

Result<> PageInstance::announce(const std::string& address) const {
    return platform::write_private_file(address_file_, address);
}

Result<std::string> address_of_running_page(const std::string& data_directory, const std::string& host_key,
                                            const CallContext& context) {
    const auto file = address_file(data_directory, host_key);
    for (;;) {
        auto address = platform::read_text_file(file, kLongestAddress);
        if (address && !address->empty()) return address;
        if (auto slept = context.sleep(std::chrono::milliseconds(100), "the page"); !slept) {
            if (slept.error().code == "call.cancelled") return fail(std::move(slept).error());
            return fail("serve.not_found", {{"file", file}});
        }
    }
}

} // namespace exhyperv::cli
