#include "platform/elevation.h"

#include "platform/command_text.h"
#include "platform/file.h"
#include "platform/process.h"
#include "platform/win/account.h"
#include "platform/win/handed_over.h"
#include "platform/win/wide.h"
#include "support/scope_guard.h"
#include "support/strings.h"

#include <windows.h>

#include <shellapi.h>

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <io.h>

namespace exhyperv::platform {

namespace {

/// What start() puts before the command's own words, in this order. The account may be another one than the new
/// process's: an administrator's name can be typed in.
constexpr std::string_view kDataWord = "--data-of-asker=", kAccountWord = "--account-of-asker=";
/// "--streams-of=PID:IN:OUT:ERR": whose streams to take over; a number is a handle of that process, "-" its console.
constexpr std::string_view kStreamsWord = "--streams-of=";
constexpr DWORD kStreams[3] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
bool was_asked_for = false; ///< this process is the answer to a question

bool is_console(HANDLE handle) {
    DWORD mode = 0;
    return GetConsoleMode(handle, &mode) != 0;
}

std::string streams_word() {
    std::string word = std::string(kStreamsWord) + std::to_string(GetCurrentProcessId());
    for (const DWORD stream : kStreams) {
        const HANDLE handle = GetStdHandle(stream);
        const bool usable = handle && handle != INVALID_HANDLE_VALUE && !is_console(handle);
        word += usable ? ":" + std::to_string(reinterpret_cast<std::uintptr_t>(handle)) : ":-";
    }
    return word;
}

std::wstring own_path() {
    std::wstring path(MAX_PATH, L'\0');
    for (int attempt = 0; attempt < 8; ++attempt) {
        const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
        if (length == 0) return {};
        if (length < path.size()) return path.substr(0, length);
        path.resize(path.size() * 2);
    }
    return {};
}

/// Puts a handle where the C library's stream `number` looks.
void put_in_place(HANDLE handle, int number) {
    SetStdHandle(kStreams[number], handle);
    const int descriptor =
        _open_osfhandle(reinterpret_cast<std::intptr_t>(handle), number == 0 ? _O_RDONLY : _O_APPEND);
    if (descriptor < 0) return;
    std::FILE* const files[3] = {stdin, stdout, stderr};
    if (_fileno(files[number]) < 0) { // started without a console: there is no descriptor yet
        (void)std::freopen("NUL", number == 0 ? "r" : "w", files[number]);
    }
    (void)_dup2(descriptor, _fileno(files[number]));
    SetStdHandle(kStreams[number], handle);
}

HANDLE own_console(int number) {
    return CreateFileW(number == 0 ? L"CONIN$" : L"CONOUT$", GENERIC_READ | GENERIC_WRITE,
                       FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr);
}

} // namespace

bool elevated() {
    HANDLE token = nullptr;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
    const ScopeGuard close_it([&] { CloseHandle(token); });
    TOKEN_ELEVATION elevation{};
    DWORD size = 0;
    return GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &size) &&
           elevation.TokenIsElevated != 0;
}

bool can_ask_for_elevation() {
    if (was_asked_for || elevated()) return false;
    USEROBJECTFLAGS flags{};
    DWORD size = 0;
    return GetUserObjectInformationW(GetProcessWindowStation(), UOI_FLAGS, &flags, sizeof flags, &size) &&
           (flags.dwFlags & WSF_VISIBLE) != 0; // services and remote shells have a window station nobody sees
}

struct ElevatedProcess::State {
    HANDLE process = nullptr;
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (process) CloseHandle(process);
    }
};

ElevatedProcess::ElevatedProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ElevatedProcess::ElevatedProcess(ElevatedProcess&&) noexcept = default;
ElevatedProcess& ElevatedProcess::operator=(ElevatedProcess&&) noexcept = default;
ElevatedProcess::~ElevatedProcess() = default;

Result<ElevatedProcess> ElevatedProcess::start(const std::vector<std::string>& words) {
    const auto program = own_path();
    TRY_ASSIGN(const std::string given, data_directory());
    TRY_ASSIGN(const std::string data, absolute_path(given)); // it may be relative to where this process is
    std::vector<std::string> all{streams_word(), std::string(kDataWord) + data,
                                 std::string(kAccountWord) + own_account()};
    all.insert(all.end(), words.begin(), words.end());
    const auto parameters = to_wide(command_text(all));
    std::array<wchar_t, 32768> directory{};
    const DWORD length = GetCurrentDirectoryW(static_cast<DWORD>(directory.size()), directory.data());

    SHELLEXECUTEINFOW info{};
    info.cbSize = sizeof info;
    info.fMask = SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NOASYNC | SEE_MASK_FLAG_NO_UI;
    info.lpVerb = L"runas";
    info.lpFile = program.c_str();
    info.lpParameters = parameters.c_str();
    info.lpDirectory = length > 0 && length < directory.size() ? directory.data() : nullptr;
    info.nShow = SW_HIDE; // its own console window; it moves into ours
    std::fflush(stdout);
    std::fflush(stderr);
    if (program.empty() || !ShellExecuteExW(&info) || !info.hProcess) {
        const DWORD code = GetLastError();
        Error error{code == ERROR_CANCELLED ? "platform.elevation_declined" : "platform.elevation_failed",
                    {{"reason", "Windows error " + std::to_string(code)}},
                    {},
                    {},
                    "ShellExecuteEx runas"};
        error.with_native(NativeKind::win32, code);
        return fail(std::move(error));
    }
    auto state = std::make_unique<State>();
    state->process = info.hProcess;
    return ElevatedProcess(std::move(state));
}

std::optional<int> ElevatedProcess::wait(std::chrono::milliseconds patience) const {
    if (WaitForSingleObject(state_->process, static_cast<DWORD>(patience.count())) != WAIT_OBJECT_0)
        return std::nullopt;
    DWORD code = 0;
    if (!GetExitCodeProcess(state_->process, &code)) return 1;
    return static_cast<int>(code);
}

namespace {

/// The rest of the first word when it begins like that, which is then taken away.
std::optional<std::string> take_word(std::vector<std::string>& words, std::string_view beginning) {
    if (words.empty() || !words.front().starts_with(beginning)) return std::nullopt;
    std::string rest = words.front().substr(beginning.size());
    words.erase(words.begin());
    return rest;
}

} // namespace

void take_over(std::vector<std::string>& words) {
    const auto streams = take_word(words, kStreamsWord);
    if (!streams) return;
    const auto parts = split(*streams, ':');
    was_asked_for = true;
    if (const auto data = take_word(words, kDataWord)) use_data_directory(*data);
    if (const auto account = take_word(words, kAccountWord)) set_asking_account(*account);
    const auto pid = parts.size() == 4 ? parse_u64(parts[0]) : std::nullopt;
    if (!pid || *pid == 0 || *pid > 0xFFFFFFFF) return;
    const auto owner = static_cast<DWORD>(*pid);
    const HANDLE process = OpenProcess(PROCESS_DUP_HANDLE, FALSE, owner);
    const ScopeGuard close_it([&] {
        if (process) CloseHandle(process);
    });
    FreeConsole();
    const bool console = AttachConsole(owner) != 0;
    for (int number = 0; number < 3; ++number) {
        HANDLE handle = INVALID_HANDLE_VALUE;
        const auto value = parse_u64(parts[static_cast<std::size_t>(number) + 1]);
        if (value && process)
            (void)DuplicateHandle(process, reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(*value)),
                                  GetCurrentProcess(), &handle, 0, FALSE, DUPLICATE_SAME_ACCESS);
        else if (!value && console)
            handle = own_console(number);
        if (handle && handle != INVALID_HANDLE_VALUE) put_in_place(handle, number);
    }
}

} // namespace exhyperv::platform
