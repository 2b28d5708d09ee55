#include "support/strings.h"
#include "support/utf.h"
#include "transport/sim/material/package_layout.h"

#include <fmt/format.h>
#include <map>

namespace exhyperv::sim {

namespace {

/// INF text in the making; strings that stand in the text as %tokens% are collected for [Strings].
class InfText {
  public:
    void section(std::string_view name) { text_ += fmt::format("\n[{}]\n", name); }
    template <class... T>
    void line(fmt::format_string<T...> format, T&&... values) {
        text_ += fmt::format(format, std::forward<T>(values)...);
        text_ += '\n';
    }
    /// A directive with a list, `per_line` items a line, continued with '\' as vendors do.
    void list(std::string_view key, const std::vector<std::string>& items, std::size_t per_line) {
        text_ += fmt::format("{} = ", key);
        for (std::size_t i = 0; i < items.size(); ++i) {
            text_ += items[i];
            if (i + 1 == items.size()) continue;
            text_ += i % per_line + 1 == per_line ? ", \\\n    " : ", ";
        }
        text_ += '\n';
    }
    std::string token(std::string name, std::string value) {
        strings_.emplace_back(name, std::move(value));
        return "%" + name + "%";
    }
    void strings() {
        section("Strings");
        for (const auto& [name, value] : strings_)
            line("{} = \"{}\"", name, replace_all(value, "\"", "\"\""));
        line("REG_SZ = 0x00000000 ; flags of AddReg, under the names of the type");
        line("REG_EXPAND_SZ = 0x00020000");
        line("REG_MULTI_SZ = 0x00010000");
        line("REG_DWORD = 0x00010001");
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
    std::vector<std::pair<std::string, std::string>> strings_;
};

std::string us_date(const std::string& iso) { // 2024-08-14 -> 08/14/2024
    return iso.size() == 10 ? iso.substr(5, 2) + "/" + iso.substr(8, 2) + "/" + iso.substr(0, 4) : iso;
}

std::string windows_path(std::string_view path) {
    return replace_all(std::string(path), "/", "\\");
}

/// Files by directory: each directory is a CopyFiles section with its own destination.
std::map<std::string, std::vector<std::string>> by_directory(const InfLayout& inf) {
    std::map<std::string, std::vector<std::string>> directories;
    for (const LayoutFile& file : inf.files) {
        if (file.kind == FileKind::inf || file.kind == FileKind::catalog) continue;
        directories[parent_path(file.path)].push_back(bare_name(file.path));
    }
    return directories;
}

std::string copy_section(const InfLayout& inf, std::size_t index) {
    return fmt::format("{}.Copy{}", inf.install, index);
}

void write_models(InfText& out, const VendorLayout& layout, const InfLayout& inf, bool primary) {
    out.section("Manufacturer");
    out.line("{} = {}, {}", out.token("Mfg", layout.provider), inf.models, join(inf.decorations, ", "));
    for (std::size_t i = 0; i < inf.decorations.size(); ++i) {
        out.section(inf.models + "." + inf.decorations[i]);
        std::size_t number = 0;
        for (const auto& [name, id] : inf.other_models) {
            std::string token = fmt::format("DEV.{}", ++number);
            out.line("{} = {}, {}", i == 0 ? out.token(token, name) : "%" + token + "%", inf.install, id);
        }
        // Older systems do not know the card: only the most specific section names it.
        if (!primary) {
            out.line("{} = {}, SWC\\{}", out.token("Component", layout.provider + " component"), inf.install,
                     ascii_upper(inf.models));
        } else if (i + 1 == inf.decorations.size()) {
            out.line("{} = {}, {} ; the card of this package", out.token("DEV.Card", layout.device_name), inf.install,
                     layout.hardware_id);
        }
    }
}

void write_service(InfText& out, const InfLayout& inf) {
    out.section(inf.install + inf.install_decoration + ".Services");
    out.line("AddService = {0}, 0x00000002, {0}_Service_Inst, {0}_EventLog", inf.service);
    out.section(inf.service + "_Service_Inst");
    out.line("DisplayName    = {}", out.token("ServiceName", inf.service_display));
    out.line("ServiceType    = 1 ; SERVICE_KERNEL_DRIVER");
    out.line("StartType      = 3 ; SERVICE_DEMAND_START");
    out.line("ErrorControl   = 0 ; SERVICE_ERROR_IGNORE");
    out.line("LoadOrderGroup = Video");
    out.line("ServiceBinary  = %13%\\{}", windows_path(inf.service_binary));
    out.section(inf.service + "_EventLog");
    out.line("AddReg = {}_EventLog_AddReg", inf.service);
    out.section(inf.service + "_EventLog_AddReg");
    out.line("HKR,,EventMessageFile,%REG_EXPAND_SZ%,\"%%SystemRoot%%\\System32\\IoLogMsg.dll;%13%\\{}\"",
             windows_path(inf.service_binary));
    out.line("HKR,,TypesSupported,%REG_DWORD%,7");
}

void write_add_reg(InfText& out, const VendorLayout& layout, const InfLayout& inf) {
    if (inf.service.empty() && inf.copies.empty()) return;
    out.section(inf.install + ".AddReg");
    out.line("HKR,,HardwareInformation.AdapterString,%REG_SZ%,\"{}\"", layout.device_name);
    out.line("HKR,, DisplayNote, %REG_SZ%, \"Quotes \"\"inside\"\" text; and a semicolon\" ; a comment after it");
    out.line("HKR,Settings,\"Feature Mask\",%REG_DWORD%,0x00000011");
    if (inf.copies.empty()) return;
    out.section(inf.install + ".CopyToVm");
    for (const CopyToVm& copy : inf.copies) {
        if (copy.target.empty())
            out.line("HKR,\"{}\",{},%REG_SZ%,\"{}\"", copy.list, copy.name, copy.source);
        else
            out.line("HKR,\"{}\",{},%REG_MULTI_SZ%,\"{}\",\"{}\"", copy.list, copy.name, copy.source, copy.target);
    }
}

std::string build_text(const VendorLayout& layout, const InfLayout& inf) {
    bool primary = &inf == &layout.primary;
    auto directories = by_directory(inf);
    InfText out;
    out.line("; {}", inf.name);
    out.line("; Synthesized for the simulated host. It is not a file of {} and installs nothing.", layout.provider);
    out.section("Version");
    out.line("Signature   = \"$WINDOWS NT$\"");
    out.line("Class       = {}", inf.class_name);
    out.line("ClassGuid   = {}", inf.class_guid);
    out.line("Provider    = {}", out.token("Provider", layout.provider));
    out.line("CatalogFile = {}", inf.catalog);
    out.line("DriverVer   = {},{}", us_date(layout.date), layout.version);
    out.line("PnpLockdown = 1");
    write_models(out, layout, inf, primary);

    out.section(inf.install + inf.install_decoration);
    if (!inf.copy_infs.empty()) out.list("CopyINF", inf.copy_infs, 8);
    std::vector<std::string> sections;
    for (std::size_t i = 0; i < directories.size(); ++i)
        sections.push_back(copy_section(inf, i));
    out.list("CopyFiles", sections, 2);
    if (!inf.service.empty() || !inf.copies.empty()) {
        std::vector<std::string> add{inf.install + ".AddReg"};
        if (!inf.copies.empty()) add.push_back(inf.install + ".CopyToVm");
        out.list("AddReg", add, 2);
    }
    if (!inf.service.empty()) write_service(out, inf);
    write_add_reg(out, layout, inf);

    std::size_t index = 0;
    for (const auto& [directory, names] : directories) {
        out.section(copy_section(inf, index++));
        for (const std::string& name : names)
            out.line("{}", name);
    }
    out.section("DestinationDirs");
    out.line("DefaultDestDir = 13 ; the driver store");
    index = 0;
    for (const auto& [directory, names] : directories) {
        if (directory.empty())
            out.line("{} = 13", copy_section(inf, index++));
        else
            out.line("{} = 13,\"{}\"", copy_section(inf, index++), windows_path(directory));
    }
    out.section("SourceDisksNames");
    out.line("1 = {},,,\"\"", out.token("DiskName", inf.disk_name));
    out.section("SourceDisksFiles");
    for (const auto& [directory, names] : directories) {
        for (const std::string& name : names) {
            if (directory.empty())
                out.line("{} = 1", name);
            else
                out.line("{} = 1,\"{}\"", name, windows_path(directory));
        }
    }
    out.strings();
    return out.text();
}

} // namespace

std::string inf_content(const VendorLayout& layout, const InfLayout& inf) {
    std::string text = build_text(layout, inf);
    if (inf.encoding == InfEncoding::utf8_lf) return text;
    text = replace_all(std::move(text), "\n", "\r\n");
    if (inf.encoding == InfEncoding::ansi_crlf) return text;
    std::string bytes = "\xFF\xFE";
    for (std::byte b : to_utf16le_bytes(text))
        bytes += static_cast<char>(b);
    return bytes;
}

} // namespace exhyperv::sim
