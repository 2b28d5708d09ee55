#include "transport/sim/material/package_layout.h"

#include "support/strings.h"
#include "transport/sim/material/pe_file.h"
#include "transport/sim/material/random_stream.h"

#include <algorithm>
#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

// The measured package (see PackageSize::full).
constexpr std::size_t kFullFiles = 1200, kBigFiles = 13, kSmallFiles = 729;
constexpr std::uint64_t kFullBytes = 1'500'000'000, kSmallLimit = 64'000, kMediumFloor = 66'000;

bool is_pe(FileKind kind) {
    return kind == FileKind::pe64 || kind == FileKind::pe32 || kind == FileKind::pe_arm64;
}

FileKind kind_of(std::string_view name, FileKind pe) {
    for (std::string_view ending : {".dll", ".exe", ".sys"}) {
        if (name.ends_with(ending)) return pe;
    }
    if (name.find(".so") != std::string_view::npos || name.find('.') == std::string_view::npos) return FileKind::elf;
    for (std::string_view ending : {".txt", ".json", ".xml", ".conf", ".mc", ".man"}) {
        if (name.ends_with(ending)) return FileKind::text;
    }
    return FileKind::blob;
}

std::uint64_t small_size(const LayoutFile& file, std::uint64_t seed) {
    RandomStream random(derive_seed(seed, file.path));
    if (file.path.ends_with(".sys")) return 512 * (750 + random.below(500)); // executables end with a whole sector
    if (is_pe(file.kind)) return 512 * (12 + random.below(175));
    if (file.kind == FileKind::elf) return 4'000 + random.below(50'000);
    return 1'000 + random.below(20'000);
}

void size_small_package(InfLayout& inf, std::uint64_t seed) {
    for (LayoutFile& file : inf.files) {
        if (file.size == 0) file.size = small_size(file, seed);
    }
}

void add_bulk(InfLayout& inf, const std::vector<BulkPattern>& patterns) {
    for (std::size_t i = 0; inf.files.size() < kFullFiles; ++i) {
        const BulkPattern& pattern = patterns[i % patterns.size()];
        add_files(inf, pattern.directory, fmt::format("{}{:04}.{}", pattern.prefix, i, pattern.extension));
    }
}

/// Gives out sizes so that count, total and distribution are exactly those of the measured package. Files
/// whose size is fixed already (texts, the INF, the catalog) are counted as what they are.
void size_full_package(InfLayout& inf, std::uint64_t seed) {
    std::uint64_t left = kFullBytes;
    std::size_t big = 0, small = 0;
    std::vector<LayoutFile*> open;
    for (LayoutFile& file : inf.files) {
        if (file.size != 0) {
            left -= file.size;
            if (file.size <= kSmallLimit) ++small; // the INF of a full package is bigger
        } else if (is_pe(file.kind) && big < kBigFiles) {
            file.size = 52'000'000 + 8'000'000 * std::uint64_t(big++);
            left -= file.size;
        } else {
            open.push_back(&file);
        }
    }
    // Non-executables and the bulk's later files are the small ones; what remains shares the rest.
    std::stable_sort(open.begin(), open.end(),
                     [](const LayoutFile* a, const LayoutFile* b) { return !is_pe(a->kind) && is_pe(b->kind); });
    std::vector<LayoutFile*> medium;
    for (LayoutFile* file : open) {
        RandomStream random(derive_seed(seed, file->path));
        if (small < kSmallFiles) {
            file->size = is_pe(file->kind) ? kPeMinimumSize + random.below(40'000) : 500 + random.below(30'000);
            left -= file->size;
            ++small;
        } else {
            medium.push_back(file);
        }
    }
    std::uint64_t average = left / medium.size();
    std::uint64_t spread = std::min(average - kMediumFloor, std::uint64_t(300'000));
    for (std::size_t i = 0; i < medium.size(); ++i) { // in pairs around the average, so that the sum is known
        RandomStream random(derive_seed(seed, medium[i / 2]->path));
        std::uint64_t offset = random.below(spread);
        medium[i]->size = i % 2 == 0 ? average + offset : average - offset;
        if (i % 2 == 0 && i + 1 == medium.size()) medium[i]->size = average;
        left -= medium[i]->size;
    }
    medium.back()->size += left;
}

void set_unless_empty(std::string& target, const std::string& value) {
    if (!value.empty()) target = value;
}

} // namespace

std::string bare_name(std::string_view path) {
    auto slash = path.rfind('/');
    return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string parent_path(std::string_view path) {
    auto slash = path.rfind('/');
    return std::string(slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash));
}

void add_files(InfLayout& inf, std::string_view directory, std::string_view names, FileKind pe) {
    for (const std::string& name : split(names, ' ')) {
        if (name.empty()) continue;
        std::string path = directory.empty() ? name : std::string(directory) + "/" + name;
        inf.files.push_back({std::move(path), kind_of(name, pe), 0, {}});
    }
}

void add_text(InfLayout& inf, std::string path, std::string content) {
    std::uint64_t size = content.size();
    inf.files.push_back({std::move(path), FileKind::text, size, std::move(content)});
}

PackageSpec with_defaults(PackageSpec spec) {
    VendorLayout layout = layout_of(spec.vendor);
    if (spec.inf_name.empty()) spec.inf_name = layout.primary.name;
    if (spec.version.empty()) spec.version = layout.version;
    if (spec.date.empty()) spec.date = layout.date;
    if (spec.hardware_id.empty()) spec.hardware_id = layout.hardware_id;
    if (spec.device_name.empty()) spec.device_name = layout.device_name;
    if (spec.vram_bytes == 0) spec.vram_bytes = layout.vram_bytes;
    return spec;
}

VendorLayout complete_layout(const PackageSpec& spec) {
    VendorLayout layout = layout_of(spec.vendor);
    set_unless_empty(layout.primary.name, spec.inf_name);
    set_unless_empty(layout.version, spec.version);
    set_unless_empty(layout.date, spec.date);
    set_unless_empty(layout.hardware_id, spec.hardware_id);
    set_unless_empty(layout.device_name, spec.device_name);
    if (spec.vram_bytes != 0) layout.vram_bytes = spec.vram_bytes;

    std::uint64_t seed = derive_seed(spec.seed, layout.version);
    std::vector<InfLayout*> all{&layout.primary};
    for (InfLayout& companion : layout.companions)
        all.push_back(&companion);
    for (InfLayout* inf : all) {
        inf->files.push_back({inf->catalog, FileKind::catalog, 9'000 + derive_seed(seed, inf->catalog) % 8'000, {}});
        inf->files.push_back({inf->name, FileKind::inf, 0, {}});
    }
    if (spec.size == PackageSize::full) add_bulk(layout.primary, layout.bulk);
    for (InfLayout* inf :
         all) { // the INF names the files, so its text, and with it its size, comes before the other sizes
        auto file =
            std::find_if(inf->files.begin(), inf->files.end(), [](const auto& f) { return f.kind == FileKind::inf; });
        file->content = inf_content(layout, *inf);
        file->size = file->content.size();
        bool full = spec.size == PackageSize::full && inf == &layout.primary;
        if (full)
            size_full_package(*inf, seed);
        else
            size_small_package(*inf, seed);
    }
    return layout;
}

} // namespace exhyperv::sim
