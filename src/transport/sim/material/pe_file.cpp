#include "transport/sim/material/pe_file.h"

#include "support/strings.h"
#include "support/utf.h"

#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

constexpr std::uint32_t kFileAlign = 0x200, kSectionAlign = 0x1000, kHeaderSize = 0x400;

std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
    return (value + unit - 1) / unit * unit;
}

class Writer {
  public:
    void u16(std::uint64_t v) { number(v, 2); }
    void u32(std::uint64_t v) { number(v, 4); }
    void u64(std::uint64_t v) { number(v, 8); }
    void text16(const std::string& text) { // with its terminator
        auto bytes = to_utf16le_bytes(text);
        data.insert(data.end(), bytes.begin(), bytes.end());
        u16(0);
    }
    void align4() { data.resize(round_up(data.size(), 4)); }
    void pad_to(std::uint64_t size) { data.resize(size); }
    void patch16(std::size_t at, std::uint64_t v) {
        data[at] = std::byte(v & 0xFF);
        data[at + 1] = std::byte((v >> 8) & 0xFF);
    }
    std::vector<std::byte> data;

  private:
    void number(std::uint64_t v, int bytes) {
        for (int i = 0; i < bytes; ++i)
            data.push_back(std::byte((v >> (8 * i)) & 0xFF));
    }
};

/// One block of the version resource: length, value length, type, key; the caller adds value and children, then closes
/// it.
std::size_t open_block(Writer& out, std::uint64_t value_length, bool text, const std::string& key) {
    out.align4();
    std::size_t start = out.data.size();
    out.u16(0);
    out.u16(value_length);
    out.u16(text ? 1 : 0);
    out.text16(key);
    out.align4();
    return start;
}

void close_block(Writer& out, std::size_t start) {
    out.patch16(start, out.data.size() - start);
}

std::vector<std::byte> version_resource(const PeSpec& spec) {
    auto [a, b, c, d] = spec.version;
    std::string version = fmt::format("{}.{}.{}.{}", a, b, c, d);
    Writer out;
    std::size_t root = open_block(out, 52, false, "VS_VERSION_INFO");
    out.u32(0xFEEF04BD); // VS_FIXEDFILEINFO
    out.u32(0x00010000);
    for (int i = 0; i < 2; ++i) { // file version, product version
        out.u32(std::uint32_t(a) << 16 | b);
        out.u32(std::uint32_t(c) << 16 | d);
    }
    out.u32(0x3F);
    out.u32(0);
    out.u32(0x00040004); // VOS_NT_WINDOWS32
    out.u32(spec.kind == PeKind::program ? 1 : spec.kind == PeKind::library ? 2 : 3);
    out.u32(spec.kind == PeKind::driver ? 4 : 0); // VFT2_DRV_DISPLAY
    out.u64(0);
    std::size_t strings = open_block(out, 0, true, "StringFileInfo");
    std::size_t table = open_block(out, 0, true, "040904B0");
    std::pair<const char*, std::string> entries[] = {
        {"CompanyName", spec.company},
        {"FileDescription", spec.product + " (synthesized)"},
        {"FileVersion", version},
        {"InternalName", spec.file_name},
        {"OriginalFilename", spec.file_name},
        {"ProductName", spec.product},
        {"ProductVersion", version},
    };
    for (const auto& [key, value] : entries) {
        std::size_t entry = open_block(out, to_utf16(value).size() + 1, true, key);
        out.text16(value);
        close_block(out, entry);
    }
    close_block(out, table);
    close_block(out, strings);
    std::size_t vars = open_block(out, 0, true, "VarFileInfo");
    std::size_t translation = open_block(out, 4, false, "Translation");
    out.u16(0x0409);
    out.u16(0x04B0);
    close_block(out, translation);
    close_block(out, vars);
    close_block(out, root);
    return out.data;
}

/// Three directory levels (type 16 = version, id 1, language 0x409) and one data entry, as the format demands.
std::vector<std::byte> resource_section(const PeSpec& spec, std::uint32_t section_rva) {
    auto version = version_resource(spec);
    Writer out;
    std::uint32_t ids[] = {16, 1, 0x409};
    for (std::uint32_t level = 0; level < 3; ++level) {
        out.u64(0); // characteristics, time
        out.u32(0);
        out.u16(0); // named entries
        out.u16(1); // entries by id
        out.u32(ids[level]);
        std::uint32_t next = (level + 1) * 24;
        out.u32(level < 2 ? 0x80000000u | next : next);
    }
    out.u32(section_rva + 72 + 16);
    out.u32(version.size());
    out.u64(0); // code page, reserved
    out.data.insert(out.data.end(), version.begin(), version.end());
    return out.data;
}

void section_header(Writer& out, const char (&name)[9], std::uint64_t virtual_size, std::uint64_t rva,
                    std::uint64_t raw_size, std::uint64_t raw_offset, std::uint32_t characteristics) {
    for (int i = 0; i < 8; ++i)
        out.data.push_back(std::byte(name[i]));
    out.u32(virtual_size);
    out.u32(rva);
    out.u32(raw_size);
    out.u32(raw_offset);
    out.u64(0);
    out.u32(0);
    out.u32(characteristics);
}

} // namespace

std::vector<std::byte> pe_prefix(const PeSpec& spec, std::uint64_t file_size) {
    bool wide = spec.machine != PeMachine::x86;
    auto resources = resource_section(spec, kSectionAlign);
    std::uint64_t raw_resources = round_up(resources.size(), kFileAlign);
    std::uint64_t data_offset = kHeaderSize + raw_resources;
    std::uint64_t data_size = file_size > data_offset ? (file_size - data_offset) / kFileAlign * kFileAlign : 0;
    std::uint64_t data_rva = kSectionAlign + round_up(resources.size(), kSectionAlign);

    Writer out;
    // The DOS header every linker writes: readers that tell DOS programs from PE files look at it.
    for (std::uint16_t v : {0x5A4D, 0x90, 3, 0, 4, 0, 0xFFFF, 0, 0xB8, 0, 0, 0, 0x40})
        out.u16(v);
    out.pad_to(0x3C);
    out.u32(0x80);
    out.pad_to(0x80);
    out.u32(0x00004550); // "PE"
    out.u16(std::uint16_t(spec.machine));
    out.u16(2);
    out.u32(spec.timestamp);
    out.u64(0);
    out.u16(wide ? 240 : 224);
    out.u16(0x0002 | (wide ? 0x0020 : 0x0100) | (spec.kind == PeKind::library ? 0x2000 : 0)); // executable image …
    out.u16(wide ? 0x20B : 0x10B);
    out.u16(14); // linker version
    out.u32(0);  // code
    out.u32(raw_resources + data_size);
    out.u32(0);
    out.u32(0); // entry point: none
    out.u32(kSectionAlign);
    if (!wide) out.u32(data_rva);
    if (wide)
        out.u64(0x180000000u);
    else
        out.u32(0x10000000u);
    out.u32(kSectionAlign);
    out.u32(kFileAlign);
    out.u32(10); // operating system version 10.0
    out.u32(0);
    out.u32(10); // subsystem version
    out.u32(0);
    out.u32(data_rva + round_up(data_size, kSectionAlign));
    out.u32(kHeaderSize);
    out.u32(0); // checksum
    out.u16(spec.kind == PeKind::driver ? 1 : 2);
    out.u16(0x0160);              // ASLR, DEP
    for (int i = 0; i < 4; ++i) { // stack and heap
        if (wide)
            out.u64(0x10000);
        else
            out.u32(0x10000);
    }
    out.u32(0);
    out.u32(16);
    for (int i = 0; i < 16; ++i) {
        out.u32(i == 2 ? kSectionAlign : 0); // directory 2: resources
        out.u32(i == 2 ? resources.size() : 0);
    }
    section_header(out, ".rsrc\0\0\0", resources.size(), kSectionAlign, raw_resources, kHeaderSize, 0x40000040);
    section_header(out, ".data\0\0\0", data_size, data_rva, data_size, data_offset, 0xC0000040);
    out.pad_to(kHeaderSize);
    out.data.insert(out.data.end(), resources.begin(), resources.end());
    out.pad_to(data_offset);
    return out.data;
}

std::array<std::uint16_t, 4> version_numbers(const std::string& text) {
    std::array<std::uint16_t, 4> numbers{};
    auto parts = split(text, '.');
    for (std::size_t i = 0; i < numbers.size() && i < parts.size(); ++i) {
        numbers[i] = static_cast<std::uint16_t>(parse_u64(parts[i]).value_or(0));
    }
    return numbers;
}

} // namespace exhyperv::sim
