#include "guest/undo/undo_volume.h"

#include "guest/undo/undo_recovery.h"
#include "support/log.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace exhyperv::guest {
namespace {

/// One spelling for each path, so that what was made is recognized.
std::string spelled(std::string path) {
    std::replace(path.begin(), path.end(), '/', '\\');
    return path;
}

Result<> write_text(GuestVolume& files, const std::string& path, const std::string& text) {
    auto source = [&text, at = std::size_t{0}](std::span<std::byte> out) mutable -> Result<std::size_t> {
        const auto length = std::min(out.size(), text.size() - at);
        std::memcpy(out.data(), text.data() + at, length);
        at += length;
        return length;
    };
    return files.write_new(path, {.size = text.size()}, source);
}

} // namespace

UndoVolume::~UndoVolume() {
    if (!begun_ || over_) return;
    if (const auto undone = abort(); !undone)
        log(LogLevel::warn, "changes of a guest's disk could not be taken back yet: " + describe(undone.error()));
}

bool UndoVolume::is_new(const std::string& path) const {
    for (std::string part = spelled(path); !part.empty();) {
        if (made_.contains(part)) return true;
        const auto cut = part.rfind('\\');
        part.resize(cut == std::string::npos ? 0 : cut);
    }
    return false;
}

Result<> UndoVolume::begin() {
    if (over_) return fail("guest.transaction_over", {});
    if (begun_) return {};
    const std::string directory(kUndoDirectory);
    TRY_ASSIGN(const bool there, has_leftover_undo(*files_));
    if (there) return fail("guest.exists", {{"path", directory}});
    begun_ = true;
    for (const char* part : {"kept", "new"})
        TRY(files_->make_directories(directory + '\\' + part));
    return files_->set_attributes(directory, kDirectory | kHidden | kSystem);
}

Result<> UndoVolume::record(const UndoRecord& record) {
    TRY(begin());
    TRY(write_text(*files_, undo_record_path(++records_), undo_record_text(record)));
    return files_->commit();
}

std::string UndoVolume::next_name(const char* directory) {
    return fmt::format("{}\\{}\\{}", kUndoDirectory, directory, ++names_);
}

Result<> UndoVolume::commit() {
    if (over_) return fail("guest.transaction_over", {});
    if (!begun_) return {};
    TRY(files_->commit());
    TRY(write_text(*files_, std::string(kCommittedMark), "committed\n"));
    TRY(files_->commit());
    begun_ = false;
    made_.clear();
    records_ = 0;
    TRY(remove_undo_log(*files_));
    return files_->commit();
}

Result<> UndoVolume::abort() {
    over_ = true;
    if (!begun_) return {};
    TRY(recover_undo(*files_));
    return {};
}

Result<std::vector<FileInfo>> UndoVolume::list(const std::string& directory) {
    TRY_ASSIGN(auto entries, files_->list(directory));
    if (directory.empty())
        std::erase_if(entries, [](const FileInfo& one) { return iequals(one.name, kUndoDirectory); });
    return entries;
}

Result<> UndoVolume::making(const std::string& path) {
    TRY_ASSIGN(const auto there, files_->stat(path));
    if (there) return fail("guest.exists", {{"path", path}});
    if (is_new(path)) return begin();
    TRY(record({UndoRecord::Kind::made, spelled(path), {}, 0}));
    made_.insert(spelled(path));
    return {};
}

Result<> UndoVolume::put_away(const std::string& path) {
    const auto kept = next_name("kept");
    TRY(record({UndoRecord::Kind::moved, spelled(path), kept, 0}));
    return files_->rename(path, kept);
}

} // namespace exhyperv::guest
