#include "assign/state/waiting_guest.h"

#include "assign/core/json_fields.h"
#include "assign/core/scope_json.h"
#include "platform/file.h"

#include <filesystem>

namespace exhyperv::assign {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostGuests = 10'000;

std::string directory_of(const std::string& state_directory) {
    return state_directory + "/waiting";
}
std::string path_of(const std::string& state_directory, const Guid& vm) {
    return directory_of(state_directory) + "/" + vm.str() + ".json";
}

/// VMs by the names of their files: other files in the directory are nobody's business.
std::vector<Guid> listed(const std::string& state_directory) {
    std::vector<Guid> out;
    std::error_code code;
    const auto directory = directory_of(state_directory);
    fs::directory_iterator at(fs::path(std::u8string(directory.begin(), directory.end())), code);
    for (const fs::directory_iterator end; !code && at != end && out.size() < kMostGuests; at.increment(code))
        if (const auto path = at->path(); path.extension() == ".json")
            if (const auto vm = Guid::parse(path.stem().string())) out.push_back(*vm);
    return out;
}

} // namespace

bool any_waiting(const std::string& state_directory) {
    return !listed(state_directory).empty();
}

Result<std::optional<WaitingGuest>> waiting_guest(const std::string& state_directory, const Guid& vm) {
    const auto path = path_of(state_directory, vm);
    const auto text = platform::read_text_file(path, 1u << 20);
    if (!text && text.error().code == "file.not_found") return std::optional<WaitingGuest>();
    if (!text) return fail(text.error());
    const auto document = nlohmann::json::parse(*text, nullptr, false);
    const auto since = text_field(document, "since");
    const auto tries = number_field(document, "tries");
    auto scope = scope_from_json(field_or_null(document, "scope"));
    if (!since || !tries || *tries > 1000 || !scope) return fail("state.corrupt", {{"path", path}});
    return std::optional(WaitingGuest{vm, text_or(document, "vm_name", vm.str()), *since, text_or(document, "who"),
                                      std::move(*scope), static_cast<std::uint32_t>(*tries),
                                      text_or(document, "next_try"), text_or(document, "problem"),
                                      bool_or(document, "given_up", false)});
}

Result<std::vector<WaitingGuest>> waiting_guests(const std::string& state_directory) {
    std::vector<WaitingGuest> out;
    for (const auto& vm : listed(state_directory)) {
        TRY_ASSIGN(auto guest, waiting_guest(state_directory, vm));
        if (guest) out.push_back(std::move(*guest));
    }
    return out;
}

Result<> remember_waiting(const std::string& state_directory, const WaitingGuest& guest) {
    const auto path = path_of(state_directory, guest.vm);
    TRY(platform::make_directories(directory_of(state_directory)));
    return platform::write_file_atomically(path, one_line({{"vm_name", guest.vm_name},
                                                           {"since", guest.since},
                                                           {"who", guest.who},
                                                           {"scope", scope_to_json(guest.scope)},
                                                           {"tries", guest.tries},
                                                           {"next_try", guest.next_try},
                                                           {"problem", guest.problem},
                                                           {"given_up", guest.given_up}}) +
                                                     "\n");
}

Result<> forget_waiting(const std::string& state_directory, const Guid& vm) {
    return platform::remove_file(path_of(state_directory, vm));
}

} // namespace exhyperv::assign
