#include "platform/arguments.h"

#include "platform/win/wide.h"
#include "support/scope_guard.h"

#include <windows.h>

#include <shellapi.h>

namespace exhyperv::platform {

std::vector<std::string> command_line(int, char**) {
    int count = 0;
    wchar_t** words = ::CommandLineToArgvW(::GetCommandLineW(), &count);
    const ScopeGuard free_it([&] { ::LocalFree(words); });
    std::vector<std::string> out;
    for (int i = 0; words && i < count; ++i)
        out.push_back(from_wide(words[i]));
    if (out.empty()) out.emplace_back("exhyperv");
    return out;
}

} // namespace exhyperv::platform
