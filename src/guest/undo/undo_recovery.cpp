#include "guest/undo/undo_recovery.h"

#include "guest/undo/undo_log.h"
#include "support/strings.h"

#include <algorithm>
#include <vector>

namespace exhyperv::guest {
namespace {

constexpr std::uint64_t kLongestRecord = 256u << 10; ///< two paths of 32,767 characters, and some
constexpr std::size_t kMostRecords = 1'000'000;

Result<bool> exists(GuestVolume& files, const std::string& path) {
    TRY_ASSIGN(const auto info, files.stat(path));
    return info.has_value();
}

Result<> take_back(GuestVolume& files, const UndoRecord& record) {
    TRY_ASSIGN(const bool there, exists(files, record.path));
    switch (record.kind) {
    case UndoRecord::Kind::made:
        return there ? files.remove_tree(record.path) : Result<>();
    case UndoRecord::Kind::moved: {
        TRY_ASSIGN(const bool moved, exists(files, record.to));
        if (!moved) return {}; // it had not begun
        if (there) return fail("guest.exists", {{"path", record.path}});
        return files.rename(record.to, record.path);
    }
    case UndoRecord::Kind::attributes:
        return there ? files.set_attributes(record.path, static_cast<std::uint32_t>(record.number)) : Result<>();
    case UndoRecord::Kind::modified:
        return there ? files.set_modified(record.path, record.number) : Result<>();
    }
    return {};
}

struct FoundRecord {
    std::string file;
    std::optional<UndoRecord> record; ///< none: torn, its change has not begun
};

/// The last first.
Result<std::vector<FoundRecord>> read_records(GuestVolume& files) {
    TRY_ASSIGN(const auto entries, files.list(std::string(kUndoDirectory)));
    std::vector<std::uint64_t> numbers;
    for (const auto& entry : entries)
        if (const auto number = undo_record_number(entry.name); number && !entry.directory) numbers.push_back(*number);
    std::sort(numbers.rbegin(), numbers.rend());
    if (numbers.size() > kMostRecords) return fail("guest.undo_unreadable", {{"record", "*"}});
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (numbers[i] != numbers.size() - i) // one is missing
            return fail("guest.undo_unreadable", {{"record", undo_record_path(numbers.size() - i)}});
    std::vector<FoundRecord> records;
    for (const auto number : numbers) {
        const auto path = undo_record_path(number);
        TRY_ASSIGN(const auto content, files.read_file(path, kLongestRecord));
        auto record = parse_undo_record({reinterpret_cast<const char*>(content.data()), content.size()});
        if (!record && number != numbers.front()) return fail("guest.undo_unreadable", {{"record", path}});
        records.push_back({path, std::move(record)});
    }
    return records;
}

tl::unexpected<Error> foreign() {
    return fail("guest.undo_foreign", {{"path", std::string(kUndoDirectory)}});
}

/// false: it has no name, or not all of it: nothing was changed yet, or nothing is left to be done.
Result<bool> is_named(GuestVolume& files, const Guid& id) {
    const std::string path(kUndoIdFile), wanted = undo_id_text(id);
    TRY_ASSIGN(const auto there, files.stat(path));
    if (!there) return false;
    TRY_ASSIGN(const auto content, files.read_file(path, kLongestRecord));
    const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
    if (text != wanted && text.size() >= wanted.size()) return foreign();
    return text == wanted;
}

} // namespace

Result<bool> has_leftover_undo(GuestVolume& files) {
    return exists(files, std::string(kUndoDirectory));
}

Result<> remove_undo_log(GuestVolume& files) {
    const std::string directory(kUndoDirectory), mark(kCommittedMark);
    TRY_ASSIGN(const auto entries, files.list(directory));
    for (const auto& entry : entries)
        if (const auto path = directory + '\\' + entry.name; !iequals(path, mark)) TRY(files.remove_tree(path));
    TRY(files.commit()); // the mark goes last, for good
    return files.remove_tree(directory);
}

Result<LeftoverUndo> recover_undo(GuestVolume& files, const std::optional<Guid>& id) {
    TRY_ASSIGN(const auto there, files.stat(std::string(kUndoDirectory)));
    if (!there) return LeftoverUndo::none;
    if (!id || !there->directory || there->reparse_tag != 0) return foreign();
    TRY_ASSIGN(const bool named, is_named(files, *id));
    TRY_ASSIGN(const bool committed, exists(files, std::string(kCommittedMark)));
    if (!committed) {
        TRY_ASSIGN(const auto records, read_records(files));
        if (!named && !records.empty()) return fail("guest.undo_unreadable", {{"record", std::string(kUndoIdFile)}});
        for (const auto& [file, record] : records) {
            if (record)
                if (auto done = take_back(files, *record); !done)
                    return fail("guest.undo_failed", {{"path", record->path}, {"reason", describe(done.error())}});
            // A record that is done must not be done again: what it removed may since have become what it was before.
            TRY(files.commit());
            TRY(files.remove(file));
            TRY(files.commit());
        }
    }
    TRY(remove_undo_log(files));
    TRY(files.commit());
    return committed ? LeftoverUndo::completed : LeftoverUndo::rolled_back;
}

} // namespace exhyperv::guest
