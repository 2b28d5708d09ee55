#include "assign/device/pci_ids.h"

#include "platform/file.h"
#include "platform/process.h"
#include "support/strings.h"
#include "support/utf.h"

#include <optional>
#include <vector>

namespace exhyperv::assign {

namespace {

constexpr std::size_t kMaxName = 200;
constexpr std::uint64_t kMaxDatabase = 16u << 20; // today's is 1.4 MB

std::optional<std::uint16_t> hex4(std::string_view text) {
    if (text.size() < 4) return std::nullopt;
    std::uint16_t value = 0;
    for (const char c : text.substr(0, 4)) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return std::nullopt;
        value = static_cast<std::uint16_t>(value << 4 | digit);
    }
    return value;
}

std::string clean_name(std::string_view raw) {
    auto name = trim(raw);
    if (name.size() > kMaxName) {
        std::size_t cut = kMaxName;
        while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80)
            --cut; // not within a character
        name = name.substr(0, cut);
    }
    if (!is_valid_utf8(name)) return {};
    std::string out;
    for (const char c : name)
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
    return out;
}

/// "10de  NVIDIA Corporation": four lower-case hex digits, two spaces, a name.
std::optional<std::uint16_t> entry_id(std::string_view line) {
    const auto id = hex4(line);
    return id && line.size() > 6 && line[4] == ' ' && line[5] == ' ' ? id : std::nullopt;
}

std::string_view next_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

} // namespace

std::map<PciId, PciNames> find_pci_names(std::string_view database, const std::set<PciId>& wanted) {
    std::map<PciId, PciNames> found;
    std::optional<std::uint16_t> vendor; // the wanted one whose block this is
    std::string vendor_name;
    auto end_of_block = [&] {
        if (!vendor) return;
        for (auto id = wanted.lower_bound({*vendor, 0}); id != wanted.end() && id->vendor == *vendor; ++id)
            if (found[*id].vendor.empty()) found[*id].vendor = vendor_name;
    };
    while (!database.empty()) {
        const auto line = next_line(database);
        if (line.empty() || line.front() == '#') continue;
        if (line.front() != '\t') {
            end_of_block();
            vendor = entry_id(line);
            if (!vendor && line.starts_with("C ")) break; // classes follow the vendors
            const auto first = vendor ? wanted.lower_bound({*vendor, 0}) : wanted.end();
            if (first == wanted.end() || first->vendor != *vendor)
                vendor.reset();
            else
                vendor_name = clean_name(line.substr(6));
            continue;
        }
        if (!vendor || line.size() < 2 || line[1] == '\t') continue; // subsystems
        const auto device = entry_id(line.substr(1));
        if (!device) continue;
        const PciId id{*vendor, *device};
        if (wanted.contains(id) && found[id].device.empty()) found[id].device = clean_name(line.substr(7));
    }
    end_of_block();
    return found;
}

std::map<PciId, PciNames> find_pci_names(const std::set<PciId>& wanted) {
    if (wanted.empty()) return {};
    std::vector<std::string> files{"/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"};
    if (const auto chosen = platform::environment("EXHYPERV_PCI_IDS")) files = {*chosen};
    for (const std::string& file : files) {
        if (file.empty() || !platform::file_exists(file)) continue;
        if (const auto text = platform::read_text_file(file, kMaxDatabase)) return find_pci_names(*text, wanted);
    }
    return {};
}

std::string short_vendor(std::string_view vendor) {
    static constexpr std::string_view kEndings[] = {
        " Corporation",  " Corp.",      " Corp",      " Incorporated", " Inc.", " Inc",
        " Technologies", " Technology", " Co., Ltd.", " Co Ltd",       " Co.",  " Ltd.",
        " Ltd",          " Limited",    " Company",   " GmbH",         ","};
    if (const auto bracket = vendor.find(" ["); bracket != std::string_view::npos) {
        // "Advanced Micro Devices, Inc. [AMD/ATI]": people say what is in the brackets
        const auto close = vendor.find(']', bracket);
        if (close != std::string_view::npos && close > bracket + 2)
            return std::string(vendor.substr(bracket + 2, close - bracket - 2));
    }
    for (bool again = true; again;) {
        again = false;
        for (const auto ending : kEndings)
            if (vendor.size() > ending.size() && vendor.ends_with(ending)) {
                vendor.remove_suffix(ending.size());
                again = true;
            }
    }
    return std::string(trim(vendor));
}

} // namespace exhyperv::assign
