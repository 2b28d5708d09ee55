#include "guest/hive.h"
#include "guest/hive/hive_header.h"
#include "support/utf.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace exhyperv::guest {
namespace {

// A hive file: base block, then bins of 4 KiB; a bin holds cells, whose length is negative while they are in use.
// Offsets of cells count from the end of the base block.
constexpr std::size_t kBin = 4096, kBinHeader = 32, kRootCell = kBinHeader;
constexpr std::uint32_t kNone = 0xffffffffu;

class Writer {
  public:
    explicit Writer(std::vector<std::byte>& out) : out_(out) {}
    void number(std::size_t at, std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i)
            out_[at + i] = static_cast<std::byte>(value >> (8 * i));
    }
    void text(std::size_t at, std::string_view letters) {
        std::memcpy(out_.data() + at, letters.data(), letters.size());
    }
    void bytes(std::size_t at, std::span<const std::byte> data) {
        std::copy(data.begin(), data.end(), out_.begin() + static_cast<std::ptrdiff_t>(at));
    }

  private:
    std::vector<std::byte>& out_;
};

/// Owner Administrators, group SYSTEM; both may do everything, users may read; handed down to all keys below.
std::vector<std::byte> root_security() {
    constexpr std::uint8_t kAdministrators[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0};
    constexpr std::uint8_t kSystem[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
    constexpr std::uint8_t kUsers[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x21, 2, 0, 0};
    std::vector<std::byte> out;
    auto number = [&out](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            out.push_back(static_cast<std::byte>(value >> (8 * i)));
    };
    auto sid = [&out](std::span<const std::uint8_t> data) {
        for (auto byte : data)
            out.push_back(static_cast<std::byte>(byte));
    };
    constexpr std::size_t kAcl = 8 + 3 * 8 + sizeof kAdministrators + sizeof kSystem + sizeof kUsers;
    number(1, 2);
    number(0x8004, 2); // self-relative, has an access list
    number(20 + kAcl, 4);
    number(20 + kAcl + sizeof kAdministrators, 4);
    number(0, 4);
    number(20, 4);
    number(2, 2);
    number(kAcl, 2);
    number(3, 4);
    auto allow = [&](std::uint32_t rights, std::span<const std::uint8_t> who) {
        number(0, 1);
        number(2, 1); // container inherit
        number(static_cast<std::uint32_t>(8 + who.size()), 2);
        number(rights, 4);
        sid(who);
    };
    allow(0xf003f, kAdministrators);
    allow(0xf003f, kSystem);
    allow(0x20019, kUsers);
    sid(kAdministrators);
    sid(kSystem);
    return out;
}

std::size_t cell_size(std::size_t content) {
    return (4 + content + 7) / 8 * 8;
}

} // namespace

std::vector<std::byte> make_empty_hive(const std::string& root_name) {
    std::vector<std::byte> out(kHiveBaseBlock + kBin);
    Writer put(out);
    auto name = root_name.substr(0, 64);
    bool plain = std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!plain || name.empty()) name = "ROOT"; // the name of a hive's root key has no meaning
    auto file_name = to_utf16le_bytes(name);

    put.text(0, "regf");
    put.number(4, 1, 4); // the two sequence numbers: equal, the hive is whole
    put.number(8, 1, 4);
    put.number(20, 1, 4); // format 1.5
    put.number(24, 5, 4);
    put.number(32, 1, 4);
    put.number(36, kRootCell, 4);
    put.number(40, kBin, 4);
    put.number(44, 1, 4);
    put.bytes(48, std::span(file_name).first(std::min<std::size_t>(file_name.size(), 62)));

    const std::size_t bin = kHiveBaseBlock;
    put.text(bin, "hbin");
    put.number(bin + 8, kBin, 4);

    auto security = root_security();
    const std::size_t root_size = cell_size(76 + name.size()), security_cell = kRootCell + root_size,
                      security_size = cell_size(20 + security.size()), free_cell = security_cell + security_size;
    auto used = [&](std::size_t cell, std::size_t size) {
        put.number(bin + cell, static_cast<std::uint32_t>(-static_cast<std::int32_t>(size)), 4);
    };

    used(kRootCell, root_size);
    const std::size_t root = bin + kRootCell + 4;
    put.text(root, "nk");
    put.number(root + 2, 0x2c, 2);   // root of a hive, not to be deleted, name in one byte a letter
    put.number(root + 16, kNone, 4); // no parent
    put.number(root + 28, kNone, 4); // no list of subkeys, stable or volatile
    put.number(root + 32, kNone, 4);
    put.number(root + 40, kNone, 4); // no list of values
    put.number(root + 44, security_cell, 4);
    put.number(root + 48, kNone, 4); // no class name
    put.number(root + 72, name.size(), 2);
    put.text(root + 76, name);

    used(security_cell, security_size);
    const std::size_t sk = bin + security_cell + 4;
    put.text(sk, "sk");
    put.number(sk + 4, security_cell, 4); // a ring of one
    put.number(sk + 8, security_cell, 4);
    put.number(sk + 12, 1, 4);
    put.number(sk + 16, security.size(), 4);
    put.bytes(sk + 20, security);

    put.number(bin + free_cell, kBin - free_cell, 4);
    put.number(508, hive_checksum(out), 4);
    return out;
}

} // namespace exhyperv::guest
