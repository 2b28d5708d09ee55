#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "drivers/manifest.h"
#include "drivers/scope.h"
#include "support/guid.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::drivers {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr std::string_view kLinuxGuest = "linux";
constexpr std::size_t kMaxFiles = 200'000;
constexpr std::size_t kMaxEntries = 20'000;
constexpr std::size_t kMaxExtras = 256;
constexpr std::size_t kMaxText = 4096;
constexpr std::size_t kMaxValueBytes = 1u << 20;

std::string to_hex(const std::vector<std::byte>& data) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    out.reserve(data.size() * 2);
    for (auto byte : data) {
        out += kDigits[std::to_integer<unsigned>(byte) >> 4];
        out += kDigits[std::to_integer<unsigned>(byte) & 15];
    }
    return out;
}

std::optional<std::vector<std::byte>> from_hex(std::string_view text) {
    auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    if (text.size() % 2 != 0 || text.size() > 2 * kMaxValueBytes) return std::nullopt;
    std::vector<std::byte> out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<std::byte>(high << 4 | low));
    }
    return out;
}

Json value_json(const guest::HiveValue& value) {
    return {{"type", value.type}, {"data", to_hex(value.data)}};
}

/// Reads members with their types and remembers the first thing that is wrong: the callers stay a plain list of fields.
class Reader {
  public:
    [[nodiscard]] bool ok() const { return reason_.empty(); }
    [[nodiscard]] tl::unexpected<Error> failure() const {
        return fail("drivers.manifest_invalid", {{"where", where_}, {"reason", reason_}});
    }
    void bad(std::string where, std::string reason) {
        if (!ok()) return;
        where_ = std::move(where);
        reason_ = std::move(reason);
    }
    /// All further problems are reported at this place.
    void at(std::string place) { place_ = std::move(place); }
    void require(bool condition, const char* reason) {
        if (!condition) bad(place_, reason);
    }

    std::string text(const Json& object, const char* key) {
        const auto* found = member(object, key);
        if (found == nullptr) return {};
        if (!found->is_string()) return wrong(key), std::string();
        const auto& value = found->get_ref<const std::string&>();
        if (value.size() > kMaxText) return wrong(key), std::string();
        return value;
    }
    std::vector<std::string> texts(const Json& object, const char* key) {
        std::vector<std::string> out;
        for (const auto& item : list(object, key, kMaxEntries)) {
            if (!item.is_string() || item.get_ref<const std::string&>().size() > kMaxText) return wrong(key), out;
            out.push_back(item.get<std::string>());
        }
        return out;
    }
    std::uint64_t number(const Json& object, const char* key) {
        const auto* found = member(object, key);
        if (found == nullptr) return 0;
        if (!found->is_number_unsigned()) return wrong(key), 0;
        return found->get<std::uint64_t>();
    }
    bool flag(const Json& object, const char* key) {
        const auto* found = member(object, key);
        if (found == nullptr) return false;
        if (!found->is_boolean()) return wrong(key), false;
        return found->get<bool>();
    }
    const Json& list(const Json& object, const char* key, std::size_t limit) {
        static const Json none = Json::array();
        const auto* found = member(object, key);
        if (found == nullptr) return none;
        if (!found->is_array() || found->size() > limit) return wrong(key), none;
        return *found;
    }
    std::optional<guest::HiveValue> value(const Json& object, const char* key, const std::string& name) {
        const auto* found = member(object, key);
        if (found == nullptr || found->is_null()) return std::nullopt;
        const auto* data = member(*found, "data");
        if (data == nullptr || !data->is_string()) return wrong(key), std::nullopt;
        auto bytes = from_hex(data->get_ref<const std::string&>());
        const auto type = number(*found, "type");
        if (!bytes || type > 0xFFFFFFFF) return wrong(key), std::nullopt;
        return guest::HiveValue{name, static_cast<std::uint32_t>(type), std::move(*bytes)};
    }

  private:
    const Json* member(const Json& object, const char* key) {
        if (!object.is_object()) return require(false, "not an object"), nullptr;
        const auto found = object.find(key);
        return found == object.end() ? nullptr : &*found;
    }
    void wrong(const char* key) { bad(place_, std::string("\"") + key + "\" is not what it should be"); }

    std::string where_, reason_, place_ = "document";
};

bool is_hash(std::string_view text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
bool is_backup(std::string_view name) {
    return name.empty() || (is_safe_name(name) && icontains(name, kBackupSuffix));
}
bool is_in_store(const GuestLayout& layout, std::string_view path) {
    return is_safe_path(path) && (iequals(path, layout.store) || is_inside(path, layout.store));
}
bool below_any(std::string_view path, std::initializer_list<std::string_view> directories) {
    return std::ranges::any_of(directories, [&](auto directory) { return is_inside(path, directory); });
}
bool is_linux(const GuestLayout& layout) {
    return layout.volume == guest::VolumeKind::ext4;
}
bool in_promotion_place(const GuestLayout& layout, std::string_view path) {
    if (!is_safe_path(path)) return false;
    if (is_linux(layout)) return is_inside(path, kLinuxLibraries);
    return below_any(path, {"Windows\\System32", "Windows\\SysWOW64", "Windows\\SyChpe32"}) &&
           !is_inside(path, kHostDriverStore);
}
/// Directories that an import may make.
bool may_be_created(const GuestLayout& layout, std::string_view path) {
    if (!is_linux(layout)) return in_promotion_place(layout, path) || is_in_store(layout, path);
    return is_in_store(layout, path) || path == parent_path(kLoaderConfig) || path == "etc" || path == "usr" ||
           path == "usr\\lib";
}

/// ControlSetNNN\Services\<name> or ControlSetNNN\Control\Class\{guid}\NNNN: the only keys this program writes to.
bool is_known_key(std::string_view key) {
    const auto parts = split(key, '\\');
    if (parts.size() < 2 || parts[0].size() != 13 || !istarts_with(parts[0], "ControlSet")) return false;
    if (parts[0].find_first_not_of("0123456789", 10) != std::string::npos) return false;
    if (parts.size() == 3 && iequals(parts[1], "Services")) return is_safe_name(parts[2]);
    return parts.size() == 5 && iequals(parts[1], "Control") && iequals(parts[2], "Class") && parts[3].size() == 38 &&
           Guid::parse(parts[3]).has_value() && parts[4].size() == 4 &&
           parts[4].find_first_not_of("0123456789") == std::string::npos;
}

ImportScope read_scope(Reader& in, const Json& json) {
    ImportScope scope;
    const auto found = json.is_object() ? json.find("scope") : json.end();
    if (found == json.end()) return scope;
    scope.full_store = in.flag(*found, "full_store");
    scope.vendor_folders = in.flag(*found, "vendor_folders");
    scope.complete = !in.flag(*found, "others_stay");
    for (const auto& item : in.list(*found, "extras", kMaxExtras))
        scope.extras.push_back({in.text(item, "source"), in.text(item, "target")});
    return scope;
}

Json scope_json(const ImportScope& scope) {
    Json out = {{"full_store", scope.full_store}, {"vendor_folders", scope.vendor_folders}};
    if (!scope.complete) out["others_stay"] = true;
    auto& extras = out["extras"] = Json::array();
    for (const auto& extra : scope.extras)
        extras.push_back({{"source", extra.source}, {"target", extra.target}});
    return out;
}

ManifestCard read_card(Reader& in, const Json& json) {
    ManifestCard card{in.text(json, "instance_path"), in.text(json, "hardware_id"),    in.text(json, "name"),
                      in.text(json, "vendor"),        in.text(json, "driver_version"), in.text(json, "driver_date"),
                      in.texts(json, "packages"),     in.text(json, "imported_at"),    read_scope(in, json)};
    in.require(!card.instance_path.empty(), "no instance path");
    in.require(std::ranges::all_of(card.packages, [](const auto& name) { return is_safe_name(name); }),
               "unsafe package folder");
    return card;
}

ManifestPackage read_package(Reader& in, const Json& json, std::size_t& files) {
    ManifestPackage package{in.text(json, "folder"),
                            in.text(json, "inf"),
                            in.text(json, "published"),
                            in.text(json, "driver_version"),
                            in.text(json, "driver_date"),
                            in.text(json, "host_directory"),
                            {}};
    in.require(is_safe_name(package.folder), "unsafe package folder");
    for (const auto& item : in.list(json, "files", kMaxFiles)) {
        ManifestFile file{in.text(item, "path"), in.number(item, "size"), in.number(item, "modified"),
                          in.text(item, "hash"), in.text(item, "backup"), in.flag(item, "found")};
        in.require(is_safe_path(file.path), "unsafe file path");
        in.require(file.hash.empty() ? file.found : is_hash(file.hash), "bad hash");
        in.require(is_backup(file.backup), "unsafe backup name");
        in.require(++files <= kMaxFiles, "too many files");
        if (!in.ok()) break;
        package.files.push_back(std::move(file));
    }
    return package;
}

ManifestLink read_link(Reader& in, const Json& json, const GuestLayout& layout) {
    ManifestLink link{in.text(json, "path"), in.text(json, "target"), in.flag(json, "directory"),
                      in.flag(json, "copy"), in.number(json, "size"), in.number(json, "modified"),
                      in.text(json, "hash"), in.text(json, "backup"), in.texts(json, "cards"),
                      in.flag(json, "extra")};
    if (link.extra) {
        in.require(!is_linux(layout) && is_extra_place(link.path) && link.copy, "unsafe place of an extra");
    } else {
        in.require(in_promotion_place(layout, link.path), "unsafe link path");
        in.require(link.copy ? is_safe_path(link.target) && is_inside(link.target, layout.repository)
                             : leads_into_store(layout, link.path, link.target),
                   "link leads elsewhere");
    }
    in.require(!link.copy || is_hash(link.hash), "bad hash");
    in.require(is_backup(link.backup), "unsafe backup name");
    return link;
}

ManifestValue read_value(Reader& in, const Json& json) {
    ManifestValue value;
    value.key = in.text(json, "key");
    value.name = in.text(json, "name");
    value.before = in.value(json, "before", value.name);
    const auto after = in.value(json, "after", value.name);
    in.require(after.has_value(), "no \"after\"");
    if (after) value.after = *after;
    value.cards = in.texts(json, "cards");
    in.require(is_known_key(value.key), "unexpected registry key");
    return value;
}

} // namespace

std::string to_json_text(const Manifest& manifest) {
    Json out = {{"format", kFormat}, {"program", manifest.program}};
    if (manifest.volume == guest::VolumeKind::ext4) out["guest"] = kLinuxGuest;
    auto& cards = out["cards"] = Json::array();
    for (const auto& card : manifest.cards) {
        cards.push_back({{"instance_path", card.instance_path},
                         {"hardware_id", card.hardware_id},
                         {"name", card.name},
                         {"vendor", card.vendor},
                         {"driver_version", card.driver_version},
                         {"driver_date", card.driver_date},
                         {"packages", card.packages},
                         {"imported_at", card.imported_at}});
        if (!card.scope.plain()) cards.back()["scope"] = scope_json(card.scope);
    }
    auto& packages = out["packages"] = Json::array();
    for (const auto& package : manifest.packages) {
        Json files = Json::array();
        for (const auto& file : package.files) {
            Json entry = {{"path", file.path}, {"size", file.size}, {"modified", file.modified}, {"hash", file.hash}};
            if (!file.backup.empty()) entry["backup"] = file.backup;
            if (file.found) entry["found"] = true;
            files.push_back(std::move(entry));
        }
        packages.push_back({{"folder", package.folder},
                            {"inf", package.inf_name},
                            {"published", package.published_name},
                            {"driver_version", package.driver_version},
                            {"driver_date", package.driver_date},
                            {"host_directory", package.host_directory},
                            {"files", std::move(files)}});
    }
    auto& links = out["links"] = Json::array();
    for (const auto& link : manifest.links) {
        Json entry = {{"path", link.path}, {"target", link.target}, {"directory", link.directory}, {"copy", link.copy}};
        if (link.copy) entry.update({{"size", link.size}, {"modified", link.modified}, {"hash", link.hash}});
        if (link.extra) entry["extra"] = true;
        if (!link.backup.empty()) entry["backup"] = link.backup;
        entry["cards"] = link.cards;
        links.push_back(std::move(entry));
    }
    auto& values = out["values"] = Json::array();
    for (const auto& value : manifest.values)
        values.push_back({{"hive", value.hive},
                          {"key", value.key},
                          {"name", value.name},
                          {"before", value.before ? value_json(*value.before) : Json()},
                          {"after", value_json(value.after)},
                          {"cards", value.cards}});
    for (const auto& config : manifest.configs)
        out["configs"].push_back({{"path", config.path}, {"content", config.content}});
    auto& attributes = out["attributes"] = Json::array();
    for (const auto& entry : manifest.attributes)
        attributes.push_back({{"path", entry.path}, {"before", entry.before}});
    out["created_directories"] = manifest.created_directories;
    out["created_keys"] = manifest.created_keys;
    // Names come from file systems: what is not UTF-8 is replaced rather than thrown over.
    return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Manifest> manifest_from_json(std::string_view text) {
    Reader in;
    if (text.size() > 32u << 20) return in.bad("document", "larger than 32 MiB"), in.failure();
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return in.bad("document", "not JSON"), in.failure();
    in.require(in.number(json, "format") == kFormat, "unknown format");

    Manifest out;
    std::size_t files = 0;
    out.program = in.text(json, "program");
    const auto kind = in.text(json, "guest");
    in.require(kind.empty() || kind == kLinuxGuest, "unknown kind of guest");
    if (kind == kLinuxGuest) out.volume = guest::VolumeKind::ext4;
    const auto& layout = layout_of(out.volume);
    auto each = [&](const char* name, std::size_t limit, auto&& take) {
        std::size_t index = 0;
        for (const auto& item : in.list(json, name, limit)) {
            in.at(std::string(name) + "[" + std::to_string(index++) + "]");
            take(item);
            if (!in.ok()) return;
        }
        in.at("document");
    };
    each("cards", 256, [&](const Json& item) { out.cards.push_back(read_card(in, item)); });
    each("packages", kMaxEntries, [&](const Json& item) { out.packages.push_back(read_package(in, item, files)); });
    each("links", kMaxEntries, [&](const Json& item) { out.links.push_back(read_link(in, item, layout)); });
    each("values", kMaxEntries, [&](const Json& item) {
        in.require(!is_linux(layout), "registry values of a Linux guest");
        out.values.push_back(read_value(in, item));
    });
    each("configs", 16, [&](const Json& item) {
        out.configs.push_back({in.text(item, "path"), in.text(item, "content")});
        in.require(is_linux(layout) && out.configs.back().path == kLoaderConfig, "unexpected configuration");
    });
    each("attributes", kMaxFiles, [&](const Json& item) {
        const auto before = in.number(item, "before");
        out.attributes.push_back({in.text(item, "path"), static_cast<std::uint32_t>(before)});
        const auto& path = out.attributes.back().path;
        in.require(before <= 0xFFFFFFFF && is_in_store(layout, path), "unsafe path");
    });
    out.created_directories = in.texts(json, "created_directories");
    for (const auto& path : out.created_directories)
        in.require(may_be_created(layout, path) || (!is_linux(layout) && is_extra_place(path)),
                   "unsafe created directory");
    out.created_keys = in.texts(json, "created_keys");
    for (const auto& key : out.created_keys)
        in.require(is_known_key(key), "unexpected created key");
    if (!in.ok()) return in.failure();
    return out;
}

} // namespace exhyperv::drivers
