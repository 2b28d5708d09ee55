#include "guest/hive/hivex_handle.h"

#include "platform/scratch_file.h"
#include "support/strings.h"
#include "support/utf.h"

#include <cerrno>
#include <cstdlib>

namespace exhyperv::guest {
namespace {

constexpr std::uint64_t kMaxHive = 2ull << 30; ///< what Windows allows
constexpr std::size_t kMaxKeyUnits = 255, kMaxDepth = 512;

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

} // namespace

tl::unexpected<Error> HivexHandle::failed(const char* doing) {
    Error error{"hive.corrupt", {{"reason", doing}}, {NativeKind::posix, errno}, {}, "libhivex"};
    return tl::unexpected<Error>(std::move(error));
}

Result<HivexHandle> HivexHandle::open(std::span<const std::byte> content) {
    TRY_ASSIGN(auto scratch, platform::ScratchFile::create(content));
    errno = 0;
    HivexHandle out(hivex_open(scratch.path().c_str(), HIVEX_OPEN_WRITE)); // reads all of it, and lets go of the file
    if (!out.handle_) return failed("opening");
    out.root_ = hivex_root(out.get());
    if (out.root_ == 0) return failed("finding the root key");
    return out;
}

hive_node_h HivexHandle::find(const std::vector<std::string>& path) const {
    auto at = root_;
    for (const auto& component : path) {
        at = hivex_node_get_child(get(), at, component.c_str());
        if (at == 0) return 0;
    }
    return at;
}

Result<std::vector<HiveValue>> HivexHandle::values(hive_node_h key) const {
    errno = 0;
    Owned<hive_value_h> list(hivex_node_values(get(), key));
    if (!list) return failed("listing values");
    std::vector<HiveValue> out;
    for (auto* each = list.get(); *each != 0; ++each) {
        HiveValue value;
        Owned<char> name(hivex_value_key(get(), *each));
        std::uint32_t type = 0; // any number may stand there, and an enumeration must not hold it
        static_assert(sizeof type == sizeof(hive_type));
        std::size_t length = 0;
        Owned<char> data(hivex_value_value(get(), *each, reinterpret_cast<hive_type*>(&type), &length));
        if (!name || !data) return failed("reading a value");
        value.name = name.get();
        value.type = type;
        const auto* bytes = reinterpret_cast<const std::byte*>(data.get());
        value.data.assign(bytes, bytes + length);
        out.push_back(std::move(value));
    }
    return out;
}

Result<std::vector<std::byte>> HivexHandle::content() const {
    TRY_ASSIGN(auto scratch, platform::ScratchFile::create({}));
    errno = 0;
    if (hivex_commit(get(), scratch.path().c_str(), 0) != 0) return failed("writing");
    return scratch.content(kMaxHive);
}

Result<std::vector<std::string>> split_key(const std::string& key) {
    std::vector<std::string> out;
    for (auto& part : split(key, '\\')) {
        if (part.empty()) continue;
        if (to_utf16(part).size() > kMaxKeyUnits || part.find('\0') != std::string::npos || !is_valid_utf8(part) ||
            out.size() == kMaxDepth)
            return fail("hive.bad_key", {{"key", key.substr(0, 1024)}});
        out.push_back(std::move(part));
    }
    return out;
}

} // namespace exhyperv::guest
