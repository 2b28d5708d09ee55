#include "import_table.h"

#include <cstddef>
#include <cstring>
#include <windows.h>

namespace exhyperv::standins {

void* replace_import(const char* function, void* ours) {
    auto* image = reinterpret_cast<std::byte*>(GetModuleHandleW(nullptr));
    const auto* dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(image);
    const auto* headers = reinterpret_cast<const IMAGE_NT_HEADERS64*>(image + dos->e_lfanew);
    const auto& imports = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    for (auto* library = reinterpret_cast<const IMAGE_IMPORT_DESCRIPTOR*>(image + imports.VirtualAddress);
         library->FirstThunk; ++library) {
        const auto* name = reinterpret_cast<const IMAGE_THUNK_DATA64*>(image + library->OriginalFirstThunk);
        auto* place = reinterpret_cast<void**>(image + library->FirstThunk);
        for (; name->u1.AddressOfData; ++name, ++place) {
            if (IMAGE_SNAP_BY_ORDINAL64(name->u1.Ordinal)) continue;
            const auto* by_name = reinterpret_cast<const IMAGE_IMPORT_BY_NAME*>(image + name->u1.AddressOfData);
            if (std::strcmp(reinterpret_cast<const char*>(by_name->Name), function) != 0) continue;
            DWORD before = 0;
            VirtualProtect(place, sizeof *place, PAGE_READWRITE, &before);
            void* const stood_there = *place;
            *place = ours;
            VirtualProtect(place, sizeof *place, before, &before);
            return stood_there;
        }
    }
    return nullptr;
}

} // namespace exhyperv::standins
