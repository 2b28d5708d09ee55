#include "platform/process.h"

#include "platform/language.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <pwd.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vector>

namespace exhyperv::platform {

namespace {

/// The account's own record; used where the environment says nothing (cron, su).
std::optional<std::string> account_field(char* passwd::*field) {
    std::vector<char> buffer(16384);
    struct passwd entry {};
    struct passwd* found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found) return std::nullopt;
    std::string value = entry.*field ? entry.*field : "";
    if (value.empty()) return std::nullopt;
    return value;
}

} // namespace

std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);
    if (!value || !*value) return std::nullopt;
    return std::string(value);
}

Result<std::string> data_directory() {
    if (auto chosen = environment("EXHYPERV_DATA_DIR")) return *chosen;
    // The XDG specification says to ignore a relative path here.
    if (auto xdg = environment("XDG_DATA_HOME"); xdg && xdg->front() == '/') return *xdg + "/exhyperv";
    auto home = environment("HOME");
    if (!home) home = account_field(&passwd::pw_dir);
    if (!home) return fail("platform.no_home");
    return *home + "/.local/share/exhyperv";
}

std::string preferred_language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (auto value = environment(name)) return language_tag(*value);
    return "en";
}

std::uint32_t process_id() {
    return static_cast<std::uint32_t>(::getpid());
}

std::string user_and_machine() {
    auto user = account_field(&passwd::pw_name);
    if (!user) user = environment("USER").value_or("uid " + std::to_string(::geteuid()));
    std::array<char, 256> machine{};
    if (::gethostname(machine.data(), machine.size() - 1) != 0) machine[0] = '\0';
    return *user + "@" + (machine[0] ? machine.data() : "localhost");
}

bool process_alive(std::uint32_t process_id) {
    if (process_id == 0 || process_id > INT32_MAX) return false; // 0 and negatives would mean process groups
    return ::kill(static_cast<pid_t>(process_id), 0) == 0 || errno == EPERM;
}

bool is_terminal(int stream) {
    return ::isatty(stream) == 1;
}

int terminal_width() {
    for (int stream : {STDOUT_FILENO, STDERR_FILENO}) {
        struct winsize size {};
        if (::ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    }
    return 80;
}

} // namespace exhyperv::platform
