#include "transport/sim/material/driver_store.h"

#include "platform/file.h"
#include "support/scope_guard.h"
#include "support/strings.h"
#include "transport/sim/material/package_layout.h"
#include "transport/sim/material/pe_file.h"
#include "transport/sim/material/random_stream.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 1u << 20;

std::optional<std::chrono::sys_days> parse_date(const std::string& iso) {
    if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
    auto y = parse_u64(iso.substr(0, 4)), m = parse_u64(iso.substr(5, 2)), d = parse_u64(iso.substr(8, 2));
    if (!y || !m || !d) return std::nullopt;
    std::chrono::year_month_day date{std::chrono::year{int(*y)}, std::chrono::month{unsigned(*m)},
                                     std::chrono::day{unsigned(*d)}};
    if (!date.ok() || *y < 1990) return std::nullopt;
    return std::chrono::sys_days(date);
}

bool is_version(const std::string& text) {
    auto parts = split(text, '.');
    return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
               auto number = part.size() <= 5 ? parse_u64(part) : std::nullopt;
               return number && *number <= 0xFFFF;
           });
}

bool is_inf_name(const std::string& name) {
    bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
               c == '.';
    });
    return plain && name.size() > 4 && name.size() <= 60 && ascii_lower(name).ends_with(".inf") && name[0] != '.';
}

/// Names and texts of a spec end up in paths and in INF text: they must be harmless there.
Result<> check(const PackageSpec& spec) {
    auto bad = [](const char* field, const std::string& value, const char* expected) {
        return fail("material.bad_value", {{"field", field}, {"value", value}, {"expected", expected}});
    };
    auto one_line = [](const std::string& text) {
        return text.size() <= 200 && text.find_first_of("\r\n\"%;\\") == std::string::npos;
    };
    if (!is_inf_name(spec.inf_name)) return bad("inf", spec.inf_name, "name.inf");
    if (!is_version(spec.version)) return bad("version", spec.version, "1.2.3.4");
    if (!parse_date(spec.date)) return bad("date", spec.date, "YYYY-MM-DD");
    if (!one_line(replace_all(spec.hardware_id, "\\", "")))
        return bad("hardware_id", spec.hardware_id, "PCI\\VEN_…&DEV_…");
    if (!one_line(spec.device_name)) return bad("device_name", spec.device_name, "text without \" % ; \\");
    return {};
}

class PackageWriter {
  public:
    PackageWriter(const PackageSpec& spec, const VendorLayout& layout)
        : seed_(derive_seed(spec.seed, layout.version)), layout_(layout), version_(version_numbers(layout.version)),
          day_(parse_date(layout.date).value_or(std::chrono::sys_days{})), buffer_(kChunk) {}

    Result<> write(const std::string& directory, const InfLayout& inf) {
        for (const LayoutFile& file : inf.files) {
            std::string parent = parent_path(file.path);
            TRY(platform::make_directories(parent.empty() ? directory : directory + "/" + parent));
            TRY(write_file(directory + "/" + file.path, file));
        }
        return {};
    }

  private:
    std::vector<std::byte> prefix(const LayoutFile& file) const {
        auto literal = [](std::string_view text) {
            auto* bytes = reinterpret_cast<const std::byte*>(text.data());
            return std::vector<std::byte>(bytes, bytes + text.size());
        };
        switch (file.kind) {
        case FileKind::elf: // a 64-bit x86-64 shared object without sections
            return literal(std::string_view("\x7F"
                                            "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0\x01\0\0\0",
                                            24));
        case FileKind::catalog:
            return literal("\x30\x82"); // how a signed catalog starts; there is no signature
        case FileKind::text:
        case FileKind::inf:
            return literal(file.content);
        case FileKind::blob:
            return {};
        default:
            break;
        }
        PeSpec pe;
        pe.machine = file.kind == FileKind::pe32   ? PeMachine::x86
                     : file.kind == FileKind::pe64 ? PeMachine::x64
                                                   : PeMachine::arm64;
        pe.kind = file.path.ends_with(".sys")   ? PeKind::driver
                  : file.path.ends_with(".exe") ? PeKind::program
                                                : PeKind::library;
        pe.version = version_;
        pe.file_name = bare_name(file.path);
        pe.company = layout_.provider;
        pe.product = layout_.device_name + " driver";
        pe.timestamp = std::uint32_t(std::chrono::sys_seconds(day_).time_since_epoch().count());
        return pe_prefix(pe, file.size);
    }

    Result<> write_file(const std::string& path, const LayoutFile& file) {
        {
            TRY_ASSIGN(platform::File out, platform::File::open(path, platform::OpenMode::create_new));
            auto start = prefix(file);
            std::uint64_t seed = derive_seed(seed_, file.path);
            RandomStream random(seed);
            for (std::uint64_t done = 0; done < file.size;) {
                std::span<std::byte> chunk(buffer_.data(), std::min<std::uint64_t>(kChunk, file.size - done));
                if (file.kind == FileKind::text && file.content.empty())
                    fill_with_text(chunk, random);
                else
                    random.fill(chunk);
                if (done == 0) std::copy_n(start.begin(), std::min(start.size(), chunk.size()), chunk.begin());
                TRY(out.write_at(done, chunk));
                done += chunk.size();
            }
        }
        auto second = day_ + std::chrono::seconds(derive_seed(seed_ + 1, file.path) % 86'400);
        std::error_code error;
        fs::last_write_time(path, std::chrono::file_clock::from_sys(std::chrono::sys_seconds(second)), error);
        if (error) return fail("material.cannot_write", {{"path", path}}, error.message());
        return {};
    }

    static void fill_with_text(std::span<std::byte> out, RandomStream& random) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = i % 80 == 79 ? std::byte('\n') : std::byte('a' + random.below(26));
        }
    }

    std::uint64_t seed_;
    const VendorLayout& layout_;
    std::array<std::uint16_t, 4> version_;
    std::chrono::sys_days day_;
    std::vector<std::byte> buffer_;
};

} // namespace

std::vector<StorePackage> store_packages(const PackageSpec& given) {
    PackageSpec spec = with_defaults(given);
    VendorLayout layout = layout_of(spec.vendor);
    layout.primary.name = spec.inf_name;
    std::uint64_t seed =
        derive_seed(spec.seed, spec.version + "/" + spec.date + (spec.size == PackageSize::full ? "/full" : ""));
    std::vector<StorePackage> packages;
    auto add = [&](const InfLayout& inf) {
        std::string name = ascii_lower(inf.name);
        packages.push_back(
            {inf.name, fmt::format("{}_{}_{:016x}", name, layout.architecture, derive_seed(seed, name))});
    };
    add(layout.primary);
    for (const InfLayout& companion : layout.companions)
        add(companion);
    return packages;
}

Result<> make_driver_package(const std::string& file_repository, const PackageSpec& given) {
    PackageSpec spec = with_defaults(given);
    TRY(check(spec));
    auto packages = store_packages(spec);
    for (const StorePackage& package : packages) {
        std::string path = file_repository + "/" + package.directory;
        if (platform::file_exists(path)) return fail("material.exists", {{"path", path}});
    }
    VendorLayout layout = complete_layout(spec);
    PackageWriter writer(spec, layout);
    for (std::size_t i = packages.size(); i-- > 0;) { // the card's own package last: when it is there, all are
        std::string target = file_repository + "/" + packages[i].directory;
        std::string partial = target + ".partial";
        std::error_code error;
        fs::remove_all(partial, error); // left by a run that was killed
        ScopeGuard clean([&] {
            std::error_code ignored;
            fs::remove_all(partial, ignored);
        });
        TRY(platform::make_directories(partial));
        TRY(writer.write(partial, i == 0 ? layout.primary : layout.companions[i - 1]));
        fs::rename(partial, target, error);
        if (error) return fail("material.cannot_write", {{"path", target}}, error.message());
        clean.dismiss();
    }
    return {};
}

Result<> make_linux_libraries(const std::string& directory) {
    if (platform::file_exists(directory)) return {};
    VendorLayout layout;
    layout.version = "10.0.26100.1";
    layout.date = "2024-06-01";
    for (const char* name : {"libd3d12.so", "libd3d12core.so", "libdxcore.so"})
        layout.primary.files.push_back({name, FileKind::elf, 20'000 + 1'000 * layout.primary.files.size(), {}});
    const std::string partial = directory + ".partial";
    std::error_code error;
    fs::remove_all(partial, error); // left by a run that was killed
    TRY(platform::make_directories(partial));
    TRY(PackageWriter(PackageSpec{}, layout).write(partial, layout.primary));
    fs::rename(partial, directory, error);
    if (error) return fail("material.cannot_write", {{"path", directory}}, error.message());
    return {};
}

} // namespace exhyperv::sim
