#include "drivers/offline/inf_registry.h"

#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::drivers {

namespace {

constexpr std::size_t kMaxValues = 10'000;
constexpr std::string_view kClass = "SYSTEM\\CurrentControlSet\\Control\\Class\\";
constexpr std::string_view kServices = "SYSTEM\\CurrentControlSet\\Services\\";
constexpr std::string_view kRepository = "\\System32\\DriverStore\\FileRepository\\";

// Flags of an AddReg line: the type in the lowest and the upper 16 bits, what to do in between.
constexpr std::uint64_t kTypeMask = 0xFFFF'0001, kDeleteValue = 0x4, kAppend = 0x8, kKeyOnly = 0x10;
constexpr std::uint64_t kSz = 0, kBinary = 1, kMultiSz = 0x1'0000, kExpandSz = 0x2'0000, kDword = 0x1'0001,
                        kQword = 0xB'0001;
constexpr std::uint64_t kFunctionDriver = 0x2; ///< SPSVCINST_ASSOCSERVICE

/// %13%\x → C:\Windows\System32\DriverStore\FileRepository\<folder>\x; nullopt when a number is left that is not known.
std::optional<std::string> with_directories(std::string_view text, const std::string& windows,
                                            const std::string& folder) {
    std::string out(text);
    const std::pair<std::string_view, std::string> known[] = {{"%13%", windows + std::string(kRepository) + folder},
                                                              {"%01%", windows + std::string(kRepository) + folder},
                                                              {"%1%", windows + std::string(kRepository) + folder},
                                                              {"%10%", windows},
                                                              {"%11%", windows + "\\System32"},
                                                              {"%12%", windows + "\\System32\\drivers"}};
    for (const auto& [token, path] : known)
        out = replace_all(std::move(out), token, path);
    for (auto at = out.find('%'); at != std::string::npos; at = out.find('%', at + 1)) {
        const auto end = out.find_first_not_of("0123456789", at + 1);
        if (end != std::string::npos && end > at + 1 && out[end] == '%') return std::nullopt;
    }
    return out;
}

class Collector {
  public:
    explicit Collector(const InfPlace& place) : place_(place) {}

    void add_reg(const std::vector<InfLine>& lines) {
        for (const auto& line : lines) {
            if (!iequals(line.field(0), "HKR") || line.fields.size() < 2) continue;
            const auto flags = line.field(3).empty() ? std::optional<std::uint64_t>(0) : parse_u64(line.field(3));
            if (!flags || (*flags & (kDeleteValue | kKeyOnly)) != 0) continue;
            auto path = std::string(kClass) + place_.class_key;
            if (!line.field(1).empty()) {
                if (!is_safe_path(line.field(1))) continue;
                path = join_path(path, line.field(1));
            }
            if (auto value = make_value(std::string(line.field(2)), *flags, line))
                put(path, std::move(*value), (*flags & kAppend) != 0);
        }
    }

    void service(const std::string& name, const std::vector<InfLine>& lines) {
        const auto path = std::string(kServices) + name;
        for (const auto& line : lines) {
            const auto text = line.field(0);
            const auto number = parse_u64(text);
            const auto put_number = [&](const char* value) {
                if (number && *number <= UINT32_MAX)
                    put(path, host::RegistryValue::number(value, static_cast<std::uint32_t>(*number)), false);
            };
            if (iequals(line.key, "ServiceType")) put_number("Type");
            if (iequals(line.key, "StartType")) put_number("Start");
            if (iequals(line.key, "ErrorControl")) put_number("ErrorControl");
            if (iequals(line.key, "LoadOrderGroup")) put(path, host::RegistryValue::text("Group", text), false);
            if (iequals(line.key, "DisplayName")) put(path, host::RegistryValue::text("DisplayName", text), false);
            if (iequals(line.key, "ServiceBinary"))
                if (const auto image = with_directories(text, "\\SystemRoot", place_.folder))
                    put(path, host::RegistryValue::text("ImagePath", *image, host::RegType::expand_sz), false);
        }
    }

    std::vector<host::RegistryKey> take() { return std::move(keys_); }

  private:
    std::optional<host::RegistryValue> make_value(std::string name, std::uint64_t flags, const InfLine& line) const {
        std::vector<std::string> texts;
        for (std::size_t i = 4; i < line.fields.size(); ++i) {
            auto text = with_directories(line.fields[i], "C:\\Windows", place_.folder);
            if (!text) return std::nullopt;
            texts.push_back(std::move(*text));
        }
        const std::string first = texts.empty() ? std::string() : texts.front();
        switch (flags & kTypeMask) {
        case kSz:
            return host::RegistryValue::text(std::move(name), first);
        case kExpandSz:
            return host::RegistryValue::text(std::move(name), first, host::RegType::expand_sz);
        case kMultiSz:
            return host::RegistryValue::multi(std::move(name), texts);
        case kDword:
        case kQword: {
            const bool wide = (flags & kTypeMask) == kQword;
            const auto number = parse_u64(first);
            if (!number || (!wide && *number > UINT32_MAX))
                return std::nullopt; // four bytes in a list are legal but unused
            return wide ? host::RegistryValue::number64(std::move(name), *number)
                        : host::RegistryValue::number(std::move(name), static_cast<std::uint32_t>(*number));
        }
        case kBinary: {
            host::RegistryValue value{std::move(name), static_cast<std::uint32_t>(host::RegType::binary), {}};
            for (const auto& text : texts) {
                const auto byte = parse_u64("0x" + text);
                if (!byte || *byte > 0xFF) return std::nullopt;
                value.data.push_back(static_cast<std::byte>(*byte));
            }
            return value;
        }
        default:
            return std::nullopt;
        }
    }

    void put(const std::string& path, host::RegistryValue value, bool append) {
        if (++count_ > kMaxValues) return;
        auto key = std::ranges::find_if(keys_, [&](const auto& known) { return iequals(known.path, path); });
        if (key == keys_.end()) key = keys_.insert(keys_.end(), {path, true, {}, {}});
        const auto old = std::ranges::find_if(key->values, [&](const auto& v) { return iequals(v.name, value.name); });
        if (old == key->values.end()) {
            key->values.push_back(std::move(value));
        } else if (append && value.type == old->type) {
            auto texts = old->as_texts();
            for (auto& text : value.as_texts())
                texts.push_back(std::move(text));
            *old = host::RegistryValue::multi(old->name, texts);
        } else {
            *old = std::move(value);
        }
    }

    const InfPlace& place_;
    std::vector<host::RegistryKey> keys_;
    std::size_t count_ = 0;
};

/// Calls `each` with name, flags and install section of every AddService line.
template <class Each>
void for_each_service(const Inf& inf, const InfModel& model, std::string_view architecture, Each each) {
    const auto* lines = inf.install_section(model.install_section, architecture, ".Services");
    if (lines == nullptr) return;
    for (const auto& line : *lines)
        if (iequals(line.key, "AddService") && is_safe_name(line.field(0)))
            each(std::string(line.field(0)), parse_u64(line.field(1)).value_or(0), line.field(2));
}

} // namespace

std::string service_of_inf(const Inf& inf, const InfModel& model, std::string_view architecture) {
    std::string flagged, only;
    std::size_t count = 0;
    for_each_service(inf, model, architecture, [&](std::string name, std::uint64_t flags, std::string_view) {
        ++count;
        if ((flags & kFunctionDriver) != 0 && flagged.empty()) flagged = name;
        only = std::move(name);
    });
    return !flagged.empty() || count != 1 ? flagged : only;
}

std::vector<host::RegistryKey> registry_of_inf(const Inf& inf, const InfModel& model, std::string_view architecture,
                                               const InfPlace& place) {
    Collector out(place);
    if (const auto* install = inf.install_section(model.install_section, architecture))
        for (const auto& line : *install) {
            if (!iequals(line.key, "AddReg")) continue;
            for (const auto& name : line.fields)
                if (const auto* section = inf.section(name)) out.add_reg(*section);
        }
    for_each_service(inf, model, architecture, [&](const std::string& name, std::uint64_t, std::string_view section) {
        if (const auto* lines = inf.section(section)) out.service(name, *lines);
    });
    return out.take();
}

} // namespace exhyperv::drivers
