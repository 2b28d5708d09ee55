#include "guest/block/vhdx_header.h"

#include "guest/block/bytes.h"
#include "guest/block/checksum.h"
#include "guest/block/vhdx_layout.h"

namespace exhyperv::guest::vhdx {

namespace {

constexpr std::string_view kSignature = "head";
constexpr std::size_t kChecksum = 4, kSequence = 8, kFileWrite = 16, kDataWrite = 32, kLog = 48, kLogVersion = 64,
                      kVersion = 66, kLogLength = 68, kLogOffset = 72;

using Buffer = std::array<std::byte, kPage>;

Buffer serialize(const Header& header) {
    Buffer buffer{};
    auto* at = buffer.data();
    store_signature(at, kSignature);
    store_le<std::uint64_t>(at + kSequence, header.sequence);
    header.file_write.to_windows(as_u8(at + kFileWrite));
    header.data_write.to_windows(as_u8(at + kDataWrite));
    header.log.to_windows(as_u8(at + kLog));
    store_le<std::uint16_t>(at + kLogVersion, 0);
    store_le<std::uint16_t>(at + kVersion, 1);
    store_le<std::uint32_t>(at + kLogLength, header.log_length);
    store_le<std::uint64_t>(at + kLogOffset, header.log_offset);
    store_le<std::uint32_t>(at + kChecksum, crc32c_without(buffer, kChecksum));
    return buffer;
}

bool intact(const Buffer& buffer) {
    return has_signature(buffer, 0, kSignature) &&
           load_le<std::uint32_t>(buffer.data() + kChecksum) == crc32c_without(buffer, kChecksum);
}

Header parse(const Buffer& buffer) {
    const auto* at = buffer.data();
    return {.sequence = load_le<std::uint64_t>(at + kSequence),
            .file_write = Guid::from_windows(as_u8(at + kFileWrite)),
            .data_write = Guid::from_windows(as_u8(at + kDataWrite)),
            .log = Guid::from_windows(as_u8(at + kLog)),
            .log_length = load_le<std::uint32_t>(at + kLogLength),
            .log_offset = load_le<std::uint64_t>(at + kLogOffset)};
}

} // namespace

Result<HeaderPair> HeaderPair::load(const ImageFile& file) {
    Buffer buffers[2];
    std::optional<std::size_t> best;
    for (std::size_t slot = 0; slot < 2; ++slot) {
        TRY(file.read(kHeaderOffsets[slot], buffers[slot]));
        if (!intact(buffers[slot])) continue;
        const auto sequence = [&](std::size_t of) { return load_le<std::uint64_t>(buffers[of].data() + kSequence); };
        if (best && sequence(*best) == sequence(slot) && buffers[0] != buffers[1])
            return fail_corrupt(file.path(), "both headers have the same sequence number but differ");
        if (!best || sequence(slot) > sequence(*best)) best = slot;
    }
    if (!best) return fail_corrupt(file.path(), "neither header has a valid checksum");

    const auto* at = buffers[*best].data();
    if (const auto version = load_le<std::uint16_t>(at + kVersion); version != 1)
        return fail_unsupported(file.path(), "VHDX version " + std::to_string(version));
    HeaderPair pair;
    pair.header_ = parse(buffers[*best]);
    pair.slot_ = *best;
    if (const auto version = load_le<std::uint16_t>(at + kLogVersion); version != 0 && !pair.header_.log.is_null())
        return fail_unsupported(file.path(), "VHDX log version " + std::to_string(version));

    const auto& header = pair.header_;
    if (header.log_length == 0 || !is_aligned(header.log_length, kAlignment) ||
        !is_aligned(header.log_offset, kAlignment) || header.log_offset < kHeaderSectionSize)
        return fail_corrupt(file.path(), "header: place of the log");
    TRY_ASSIGN(const auto size, file.size());
    if (!within(header.log_offset, header.log_length, size))
        return fail("disk.truncated", {{"path", file.path()}, {"offset", std::to_string(size)}},
                    "the log lies beyond the end");
    return pair;
}

Result<> HeaderPair::create(ImageFile& file, Header header) {
    for (const auto offset : kHeaderOffsets) {
        TRY(file.write(offset, serialize(header)));
        ++header.sequence;
    }
    return {};
}

Result<> HeaderPair::update(ImageFile& file, const std::function<void(Header&)>& change, Copies copies) {
    Header next = header_;
    change(next);
    for (int written = 0; written < (copies == Copies::both ? 2 : 1); ++written) {
        next.sequence = header_.sequence + 1;
        TRY(file.write(kHeaderOffsets[1 - slot_], serialize(next)));
        TRY(file.flush());
        slot_ = 1 - slot_;
        header_ = next;
    }
    return {};
}

} // namespace exhyperv::guest::vhdx
