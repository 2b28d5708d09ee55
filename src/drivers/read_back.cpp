#include "drivers/read_back.h"

#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "drivers/source_reader.h"
#include "support/strings.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <memory>

namespace exhyperv::drivers {

namespace {

constexpr std::size_t kMaxListed = 100;

/// XXH3-128 of a stream, written as the manifest has it.
class Hash {
  public:
    Hash() : state_(XXH3_createState(), &XXH3_freeState) { XXH3_128bits_reset(state_.get()); }
    void add(std::span<const std::byte> data) { XXH3_128bits_update(state_.get(), data.data(), data.size()); }
    [[nodiscard]] std::string text() const {
        const auto value = XXH3_128bits_digest(state_.get());
        return fmt::format("{:016x}{:016x}", value.high64, value.low64);
    }

  private:
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_;
};

class Reader {
  public:
    Reader(guest::GuestDisk& disk, const Manifest& manifest, const ProgressSink& progress, const CallContext& context)
        : disk_(disk), manifest_(manifest), progress_(progress), context_(context) {
        for (const auto& package : manifest.packages)
            for (const auto& file : package.files)
                total_ += file.size;
    }

    Result<ReadBack> run() {
        for (const auto& package : manifest_.packages)
            for (const auto& file : package.files)
                TRY(look(join_path(package_root(layout_of(disk_.volume().kind()), package.folder), file.path),
                         file.size, file.hash));
        for (const auto& link : manifest_.links)
            TRY(link.copy ? look(link.path, link.size, link.hash) : look(link));
        for (const auto& config : manifest_.configs)
            TRY(look(config));
        TRY(values());
        return std::move(out_);
    }

  private:
    Result<> look(const std::string& path, std::uint64_t size, const std::string& hash) {
        ++out_.files;
        TRY_ASSIGN(const auto info, disk_.volume().stat(path));
        if (!info || info->directory || info->reparse_tag != 0 || info->size != size) return wrong(path);
        if (hash.empty()) return {};
        Hash sum;
        const auto add = [&](std::span<const std::byte> piece) -> Result<> {
            TRY(context_.check("reading back"));
            sum.add(piece);
            out_.bytes += piece.size();
            if (progress_) progress_({out_.bytes, total_, path});
            return {};
        };
        TRY(disk_.volume().read_file(path, add));
        return sum.text() == hash ? Result<>() : wrong(path);
    }

    Result<> look(const ManifestLink& link) {
        ++out_.links;
        TRY_ASSIGN(const auto info, disk_.volume().stat(link.path));
        if (!info || info->reparse_tag == 0 || plain_target(info->link_target) != link.target) return wrong(link.path);
        return {};
    }

    Result<> look(const ManifestConfig& config) {
        ++out_.files;
        TRY_ASSIGN(const bool same, holds(disk_.volume(), config));
        return same ? Result<>() : wrong(config.path);
    }

    Result<> values() {
        if (manifest_.values.empty()) return {};
        TRY_ASSIGN(const auto hive, disk_.read_hive("SYSTEM"));
        for (const auto& value : manifest_.values) {
            ++out_.values;
            TRY_ASSIGN(const auto now, hive.value(value.key, value.name));
            if (!now || now->type != value.after.type || now->data != value.after.data)
                TRY(wrong(value.key + "\\" + value.name));
        }
        return {};
    }

    Result<> wrong(std::string path) {
        if (++out_.wrong_count <= kMaxListed) out_.wrong.push_back(std::move(path));
        return {};
    }

    guest::GuestDisk& disk_;
    const Manifest& manifest_;
    const ProgressSink& progress_;
    const CallContext& context_;
    std::uint64_t total_ = 0;
    ReadBack out_;
};

} // namespace

Manifest part_of(const Manifest& manifest, const std::string& card) {
    Manifest part = manifest;
    const auto* listed = manifest.card(card);
    const auto mine = [&](const std::vector<std::string>& cards) {
        return std::ranges::any_of(cards, [&](const auto& one) { return iequals(one, card); });
    };
    std::erase_if(part.packages, [&](const ManifestPackage& package) {
        return listed == nullptr || std::ranges::none_of(listed->packages, [&](const auto& folder) {
                   return iequals(folder, package.folder);
               });
    });
    std::erase_if(part.links, [&](const ManifestLink& link) { return !mine(link.cards); });
    std::erase_if(part.values, [&](const ManifestValue& value) { return !mine(value.cards); });
    return part;
}

Result<ReadBack> read_back(guest::GuestDisk& disk, const Manifest& manifest, const ProgressSink& progress,
                           const CallContext& context) {
    return Reader(disk, manifest, progress, context).run();
}

} // namespace exhyperv::drivers
