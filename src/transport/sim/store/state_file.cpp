#include "transport/sim/store/state_file.h"

#include "transport/sim/world/archive.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kMagic = "EXHVSIM\x01";

std::uint64_t shape() {
    static const std::uint64_t hash = [] {
        StateShape archive;
        World world;
        world.fields(archive);
        return archive.hash;
    }();
    return hash;
}

void put64(std::string& out, std::uint64_t value) {
    for (int i = 0; i < 8; ++i)
        out.push_back(static_cast<char>(value >> (8 * i)));
}

std::uint64_t get64(std::string_view bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;)
        value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
}

} // namespace

std::string encode_state(const World& world) {
    StateWriter archive;
    archive.bytes.reserve(64 * 1024);
    const_cast<World&>(world).fields(
        archive); // writing does not change it; the one list of members serves both directions
    std::string out(kMagic);
    put64(out, shape());
    put64(out, XXH3_64bits(archive.bytes.data(), archive.bytes.size()));
    put64(out, archive.bytes.size());
    return out + archive.bytes;
}

std::uint64_t state_checksum(std::string_view header) {
    return header.size() >= kStateHeader && header.starts_with(kMagic) ? get64(header, 16) : 0;
}

Result<World> decode_state(std::string_view bytes, const std::string& path) {
    if (bytes.size() < kStateHeader || !bytes.starts_with(kMagic)) return fail("sim.bad_state", {{"path", path}});
    if (get64(bytes, 8) != shape()) return fail("sim.state_version", {{"path", path}});
    auto body = bytes.substr(kStateHeader);
    if (get64(bytes, 24) != body.size() || get64(bytes, 16) != XXH3_64bits(body.data(), body.size()))
        return fail("sim.bad_state", {{"path", path}});
    StateReader archive(body);
    World world;
    world.fields(archive);
    if (!archive.ok()) return fail("sim.bad_state", {{"path", path}});
    return world;
}

} // namespace exhyperv::sim
