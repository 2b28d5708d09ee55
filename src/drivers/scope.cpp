#include "drivers/scope.h"

#include "drivers/guest_paths.h"
#include "drivers/import_manifest.h"
#include "drivers/package_loader.h"
#include "drivers/vendor_table.h"
#include "support/strings.h"

#include <algorithm>
#include <map>
#include <set>

namespace exhyperv::drivers {

namespace {

using Entry = host::HostFiles::Entry;

constexpr std::size_t kMaxListing = 1'000'000;
constexpr std::size_t kMaxExtras = 256;
constexpr std::size_t kMaxNamed = 20; ///< left-out files a warning lists by name

bool is_absolute(std::string_view source) {
    return source.starts_with('\\') || (source.size() > 2 && source[1] == ':' && source[2] == '\\');
}

/// Plain names all the way; in the driver store the first one may be a pattern, since folders change with each version.
bool is_safe_source(const std::string& source) {
    if (is_absolute(source)) return is_safe_path(std::string_view(source).substr(source[0] == '\\' ? 1 : 3));
    const auto cut = std::min(source.find('\\'), source.size());
    std::string first = source.substr(0, cut);
    std::ranges::replace_if(
        first, [](char c) { return c == '*' || c == '?'; }, 'x');
    return is_safe_path(first + source.substr(cut));
}

std::string tidy(std::string_view given) {
    auto path = backslashes(given);
    while (path.size() > 1 && path.ends_with('\\'))
        path.pop_back();
    return path;
}

/// Of "C:\x" the volume's root, which is not "C:".
std::string directory_of(const std::string& source) {
    const auto parent = std::string(parent_path(source));
    return parent.empty() || parent.ends_with(':') ? parent + "\\" : parent;
}

/// The file or directory itself; nullopt when the host has none of that name.
Result<std::optional<Entry>> find_source(const std::string& source, host::HostFiles& files,
                                         const CallContext& context) {
    const auto directory = directory_of(source);
    TRY_ASSIGN(const bool there, files.exists(directory, context));
    if (!there) return std::optional<Entry>();
    TRY_ASSIGN(const auto entries, files.list(directory, kMaxListing, context));
    for (const auto& entry : entries)
        if (iequals(entry.path, leaf_name(source))) return std::optional(entry);
    return std::optional<Entry>();
}

class ScopeReader {
  public:
    ScopeReader(ResolvedDrivers& drivers, host::HostFiles& files, const CallContext& context)
        : drivers_(drivers), files_(files), context_(context), repository_(parent_path(drivers.primary().directory)) {}

    Result<> add(const ImportScope& scope) {
        for (const auto& extra : scope.extras) {
            TRY(context_.check("looking for extra files"));
            if (!is_safe_source(extra.source)) return fail("drivers.extra_source", {{"path", extra.source}});
            TRY(is_absolute(extra.source) || !extra.target.empty() ? elsewhere(extra) : in_store(extra.source));
        }
        if (scope.vendor_folders) TRY(vendor_folders());
        if (scope.full_store) TRY(whole_store());
        return {};
    }

  private:
    /// A package of the driver store, several of one pattern, or a part of one.
    Result<> in_store(const std::string& source) {
        const auto cut = source.find('\\');
        const auto pattern = source.substr(0, cut);
        const auto inside = cut == std::string::npos ? std::string() : source.substr(cut + 1);
        if (store_.empty()) {
            TRY_ASSIGN(store_, files_.list(repository_, kMaxListing, context_));
        }
        std::size_t found = 0;
        for (const auto& entry : store_) {
            if (!entry.directory || !matches_pattern(entry.path, pattern) || !is_safe_name(entry.path)) continue;
            TRY_ASSIGN(const auto listing,
                       files_.list_tree(join_path(repository_, entry.path), kMaxPackageFiles, context_));
            for (const auto& one : listing) {
                if (!inside.empty() && !iequals(one.path, inside) && !is_inside(one.path, inside)) continue;
                ++found;
                add_to_store(entry.path, one);
            }
        }
        if (found == 0) missing(source);
        return say_left_out();
    }

    Result<> whole_store() {
        TRY_ASSIGN(const auto listing, files_.list_tree(repository_, kMaxStoreFiles, context_));
        for (const auto& entry : listing) {
            const auto cut = entry.path.find('\\');
            if (cut == std::string::npos) {
                if (!entry.directory) left_out_.push_back(entry.path); // packages are directories
                continue;
            }
            auto inside = entry;
            inside.path = entry.path.substr(cut + 1);
            add_to_store(entry.path.substr(0, cut), inside);
        }
        return say_left_out();
    }

    void add_to_store(const std::string& folder, const Entry& entry) {
        if (!is_safe_name(folder) || !is_safe_path(entry.path)) {
            left_out_.push_back(join_path(folder, entry.path));
            return;
        }
        auto known = by_folder_.find(folder);
        if (known == by_folder_.end()) {
            const auto at = std::ranges::find_if(
                drivers_.packages, [&](const DriverPackage& package) { return iequals(package.folder, folder); });
            const bool new_one = at == drivers_.packages.end();
            if (new_one) {
                DriverPackage package;
                package.directory = join_path(repository_, folder);
                package.folder = folder;
                package.optional = true;
                drivers_.packages.push_back(std::move(package));
            }
            const auto index = static_cast<std::size_t>(
                new_one ? drivers_.packages.size() - 1 : static_cast<std::size_t>(at - drivers_.packages.begin()));
            known = by_folder_.emplace(folder, Known{index, {}}).first;
        }
        auto& package = drivers_.packages[known->second.package];
        if (!package.optional) return; // the card's own packages are whole already
        if (!known->second.paths.insert(entry.path).second) return;
        if (entry.directory) {
            package.directories.push_back(entry.path);
        } else {
            package.files.push_back({entry.path, entry.size, entry.modified, false});
        }
    }

    Result<> elsewhere(const ExtraSource& extra) {
        const auto source = is_absolute(extra.source) ? extra.source : join_path(repository_, extra.source);
        TRY_ASSIGN(const auto found, find_source(source, files_, context_));
        if (!found) return missing(source), Result<>();
        auto target = extra.target.empty() && source[0] != '\\' ? source.substr(3) : tidy(extra.target);
        if (!is_safe_path(target) || !is_extra_place(target))
            return fail("drivers.extra_target", {{"path", source}, {"target", target.empty() ? "–" : target}});
        if (!found->directory)
            return take({source, target, found->size, found->modified, PromotionMode::overwrite, {}});
        return take_tree(source, target, PromotionMode::overwrite, {});
    }

    Result<> vendor_folders() {
        const auto* vendor = builtin_vendor_table().find(drivers_.instance_path);
        const auto drive = repository_.substr(0, 2); // a host keeps its programs where its driver store is
        std::size_t found = 0;
        for (const char* root : {"Program Files", "Program Files (x86)", "ProgramData"})
            for (const auto& name : vendor == nullptr ? std::vector<std::string>() : vendor->program_folders) {
                const auto below = join_path(root, name);
                const auto source = drive + "\\" + below;
                TRY_ASSIGN(const bool there, files_.exists(source, context_));
                if (!there) continue;
                ++found;
                TRY(take_tree(source, below, PromotionMode::preserve_existing, root));
            }
        if (found == 0) drivers_.warnings.push_back({"drivers.warn.no_vendor_folders", {{"card", drivers_.card_name}}});
        return {};
    }

    Result<> take_tree(const std::string& source, const std::string& target, PromotionMode mode,
                       const std::string& needs) {
        TRY_ASSIGN(const auto listing, files_.list_tree(source, kMaxListing, context_));
        for (const auto& entry : listing) {
            if (entry.directory) continue;
            if (!is_safe_path(entry.path) || !is_safe_path(join_path(target, entry.path))) {
                left_out_.push_back(join_path(source, entry.path));
                continue;
            }
            TRY(take({join_path(source, entry.path), join_path(target, entry.path), entry.size, entry.modified, mode,
                      needs}));
        }
        return say_left_out();
    }

    Result<> take(ExtraFile file) {
        if (!targets_.insert(file.target).second) return {}; // named twice: the first word counts
        if (drivers_.extras.size() >= kMaxExtraFiles)
            return fail("drivers.extra_too_many",
                        {{"path", file.host_path}, {"limit", std::to_string(kMaxExtraFiles)}});
        drivers_.extras.push_back(std::move(file));
        return {};
    }

    void missing(const std::string& source) {
        drivers_.warnings.push_back({"drivers.warn.extra_missing", {{"path", source}}});
    }

    Result<> say_left_out() {
        if (left_out_.empty()) return {};
        const auto count = std::to_string(left_out_.size());
        if (left_out_.size() > kMaxNamed) left_out_.resize(kMaxNamed);
        drivers_.warnings.push_back(
            {"drivers.warn.extra_left_out", {{"count", count}, {"files", join(left_out_, ", ")}}});
        left_out_.clear();
        return {};
    }

    struct Known {
        std::size_t package = 0;
        std::set<std::string, ILess> paths;
    };
    ResolvedDrivers& drivers_;
    host::HostFiles& files_;
    const CallContext& context_;
    const std::string repository_;
    std::vector<Entry> store_;
    std::map<std::string, Known, ILess> by_folder_;
    std::set<std::string, ILess> targets_;
    std::vector<std::string> left_out_;
};

/// The guest's entry for the card; a golden image knows it by its hardware id.
std::optional<ManifestCard> card_of(Manifest manifest, const std::string& instance_path) {
    ResolvedDrivers as;
    as.instance_path = instance_path;
    (void)adopt_image_card(manifest, as);
    const auto* card = manifest.card(instance_path);
    return card == nullptr ? std::nullopt : std::optional(*card);
}

} // namespace

ExtraSource parse_extra(std::string_view text) {
    const auto cut = text.rfind('=');
    if (cut == std::string_view::npos) return {tidy(text), {}};
    return {tidy(text.substr(0, cut)), tidy(text.substr(cut + 1))};
}

bool is_extra_place(std::string_view path) {
    if (!is_safe_path(path)) return false;
    for (std::string_view closed : {"Windows\\System32\\config", "Windows\\System32\\Boot",
                                    "Windows\\System32\\DriverStore", "Windows\\System32\\HostDriverStore"})
        if (iequals(path, closed) || is_inside(path, closed)) return false;
    return std::ranges::any_of(std::initializer_list<std::string_view>{"Program Files", "Program Files (x86)",
                                                                       "ProgramData", "Windows\\System32",
                                                                       "Windows\\SysWOW64", "Windows\\SyChpe32"},
                               [&](auto directory) { return is_inside(path, directory); });
}

ImportScope remembered_scope(const Manifest& guest, const Manifest* host_copy, const std::string& instance_path) {
    if (host_copy != nullptr)
        if (const auto* card = host_copy->card(instance_path)) return card->scope;
    ImportScope out;
    const auto card = card_of(guest, instance_path);
    if (!card) return out;
    out.full_store = card->scope.full_store;
    out.complete = card->scope.complete && !card->scope.vendor_folders;
    for (const auto& extra : card->scope.extras) {
        if (extra.target.empty() && !is_absolute(extra.source)) {
            out.extras.push_back(extra);
        } else {
            out.complete = false;
        }
    }
    return out;
}

ImportScope scope_after(const ImportScope& known, const ScopeWish& wish, const std::string& repository) {
    ImportScope out = wish.only_needed ? ImportScope{} : known;
    out.full_store |= wish.full_store;
    out.vendor_folders |= wish.vendor_folders;
    for (auto extra : wish.extras) {
        if (extra.target.empty() && is_inside(extra.source, repository)) extra.source.erase(0, repository.size() + 1);
        const auto same = [&](const ExtraSource& one) {
            return iequals(one.source, extra.source) && iequals(one.target, extra.target);
        };
        if (std::ranges::none_of(out.extras, same) && out.extras.size() < kMaxExtras)
            out.extras.push_back(std::move(extra));
    }
    return out;
}

Result<> add_scope(ResolvedDrivers& drivers, const ImportScope& scope, host::HostFiles& files,
                   const CallContext& context) {
    drivers.scope = scope;
    return ScopeReader(drivers, files, context).add(scope);
}

Result<> require_extras(const ScopeWish& wish, const std::string& repository, host::HostFiles& files,
                        const CallContext& context) {
    for (const auto& extra : wish.extras) {
        if (!is_safe_source(extra.source)) return fail("drivers.extra_source", {{"path", extra.source}});
        if (extra.source.find_first_of("*?") != std::string::npos) continue; // a pattern may fit nothing yet
        const auto source = is_absolute(extra.source) ? extra.source : join_path(repository, extra.source);
        TRY_ASSIGN(const auto found, find_source(source, files, context));
        if (!found) return fail("drivers.extra_missing", {{"path", source}});
    }
    return {};
}

} // namespace exhyperv::drivers
