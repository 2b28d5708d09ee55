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

/// Is it `top`, or below it?
bool within(std::string_view path, std::string_view top) {
    return istarts_with(path, top) && (path.size() == top.size() || path[top.size()] == '\\');
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

bool UndoVolume::is_within(const std::string& path, const std::string& top) {
    return within(spelled(path), spelled(top));
}

bool UndoVolume::is_made(const std::string& path) const {
    const auto wanted = spelled(path);
    return std::any_of(made_.begin(), made_.end(), [&](const auto& top) { return within(wanted, top); });
}

bool UndoVolume::is_new(const std::string& path) const {
    const auto wanted = spelled(path);
    return is_made(path) && std::none_of(taken_in_.begin(), taken_in_.end(), [&](const auto& guests) {
               return within(wanted, guests) || within(guests, wanted);
           });
}

void UndoVolume::forget(const std::string& path) {
    const auto gone = [top = spelled(path)](const auto& one) { return within(one, top); };
    std::erase_if(made_, gone);
    std::erase_if(taken_in_, gone);
}

void UndoVolume::renamed(const std::string& from, const std::string& to, bool was_new) {
    const auto source = spelled(from), target = spelled(to);
    for (auto* paths : {&made_, &taken_in_}) {
        Paths now;
        for (const auto& one : *paths)
            now.insert(within(one, source) ? target + one.substr(source.size()) : one);
        *paths = std::move(now);
    }
    if (!was_new && is_made(target)) taken_in_.insert(target);
}

Result<> UndoVolume::begin() {
    if (over_) return fail("guest.transaction_over", {});
    if (broken_) return fail("guest.change_incomplete");
    if (begun_) return {};
    const std::string directory(kUndoDirectory);
    TRY_ASSIGN(const bool there, has_leftover_undo(*files_));
    if (there) return fail("guest.undo_foreign", {{"path", directory}});
    id_ = Guid::random();
    TRY(marks_.begun(id_));
    begun_ = broken_ = true; // until all of it is there
    for (const char* part : {"kept", "new"})
        TRY(files_->make_directories(directory + '\\' + part));
    TRY(files_->set_attributes(directory, kDirectory | kHidden | kSystem));
    TRY(write_text(*files_, std::string(kUndoIdFile), undo_id_text(id_)));
    TRY(files_->commit());
    broken_ = false;
    return {};
}

Result<> UndoVolume::record(const UndoRecord& record) {
    TRY(begin());
    broken_ = true; // until all of it is there
    TRY(write_text(*files_, undo_record_path(++records_), undo_record_text(record)));
    TRY(files_->commit());
    broken_ = false;
    return {};
}

std::string UndoVolume::next_name(const char* directory) {
    return fmt::format("{}\\{}\\{}", kUndoDirectory, directory, ++names_);
}

Result<> UndoVolume::commit() {
    if (over_) return fail("guest.transaction_over", {});
    if (broken_) return fail("guest.change_incomplete");
    if (!begun_) return {};
    TRY(files_->commit());
    TRY(write_text(*files_, std::string(kCommittedMark), "committed\n"));
    TRY(files_->commit());
    begun_ = false; // it is complete; what fails from here on, the next opening finishes
    broken_ = true;
    made_.clear();
    taken_in_.clear();
    records_ = 0;
    TRY(remove_undo_log(*files_));
    TRY(files_->commit());
    TRY(marks_.ended());
    broken_ = false;
    return {};
}

Result<> UndoVolume::abort() {
    over_ = true;
    if (!begun_) return {};
    TRY(recover_undo(*files_, id_));
    return marks_.ended();
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
    TRY(files_->rename(path, kept));
    forget(path); // what was made below it is away with it
    return {};
}

} // namespace exhyperv::guest
