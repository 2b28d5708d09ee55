#include "guest/undo/undo_volume.h"

namespace exhyperv::guest {

Result<> UndoVolume::write_new(const std::string& path, const NewFile& file, const ByteSource& source) {
    TRY(making(path));
    return files_->write_new(path, file, source);
}

Result<> UndoVolume::replace(const std::string& path, const NewFile& file, const ByteSource& source) {
    TRY_ASSIGN(const auto old, files_->stat(path));
    if (!old) return fail("guest.not_found", {{"path", path}});
    if (old->directory) return fail("guest.is_a_directory", {{"path", path}});
    TRY(begin());
    const auto fresh = next_name("new"); // complete before anything happens to the old one
    NewFile made = file;
    made.attributes = old->attributes & ~(kReparsePoint | kCompressed);
    auto written = files_->write_new(fresh, made, source);
    if (written) written = files_->copy_security(path, fresh);
    if (!written) {
        (void)files_->remove(fresh); // else it goes with the log
        return written;
    }
    if (is_new(path)) {
        TRY(files_->remove(path));
    } else {
        TRY(put_away(path));
        TRY(making(path));
    }
    return files_->rename(fresh, path);
}

Result<> UndoVolume::make_directories(const std::string& path) {
    std::string missing = path; // the topmost one that is not there: the others go with it
    for (std::string part = path; !part.empty();) {
        TRY_ASSIGN(const auto there, files_->stat(part));
        if (there) break;
        missing = part;
        const auto cut = part.find_last_of("\\/");
        part.resize(cut == std::string::npos ? 0 : cut);
    }
    TRY_ASSIGN(const auto there, files_->stat(missing));
    if (!there) TRY(making(missing));
    return files_->make_directories(path);
}

Result<> UndoVolume::set_attributes(const std::string& path, std::uint32_t attributes) {
    TRY_ASSIGN(const auto old, files_->stat(path));
    if (!old) return fail("guest.not_found", {{"path", path}});
    if (old->attributes == attributes) return {};
    if (!is_new(path)) TRY(record({UndoRecord::Kind::attributes, path, {}, old->attributes}));
    return files_->set_attributes(path, attributes);
}

Result<> UndoVolume::set_modified(const std::string& path, std::uint64_t filetime) {
    TRY_ASSIGN(const auto old, files_->stat(path));
    if (!old) return fail("guest.not_found", {{"path", path}});
    if (old->modified == filetime) return {};
    if (!is_new(path)) TRY(record({UndoRecord::Kind::modified, path, {}, old->modified}));
    return files_->set_modified(path, filetime);
}

Result<> UndoVolume::make_symlink(const std::string& path, const std::string& target, bool directory) {
    TRY(making(path));
    return files_->make_symlink(path, target, directory);
}

Result<> UndoVolume::make_junction(const std::string& path, const std::string& target) {
    TRY(making(path));
    return files_->make_junction(path, target);
}

Result<> UndoVolume::rename(const std::string& from, const std::string& to) {
    TRY_ASSIGN(const auto there, files_->stat(from));
    if (!there) return fail("guest.not_found", {{"path", from}});
    TRY_ASSIGN(const auto taken, files_->stat(to));
    if (taken) return fail("guest.exists", {{"path", to}});
    if (is_within(to, from)) return fail("guest.bad_name", {{"path", to}, {"reason", "inside itself"}});
    const bool was_new = is_new(from);
    if (was_new && is_new(to)) // each goes with its directory, or with the same one
        TRY(begin());
    else
        TRY(record({UndoRecord::Kind::moved, from, to, 0}));
    TRY(files_->rename(from, to));
    renamed(from, to, was_new);
    return {};
}

Result<> UndoVolume::remove(const std::string& path) {
    TRY_ASSIGN(const auto old, files_->stat(path));
    if (!old) return fail("guest.not_found", {{"path", path}});
    if (is_new(path)) {
        TRY(begin());
        TRY(files_->remove(path));
        forget(path);
        return {};
    }
    if (old->directory && old->reparse_tag == 0) {
        TRY_ASSIGN(const auto inside, files_->list(path));
        if (!inside.empty()) return fail("guest.directory_not_empty", {{"path", path}});
    }
    return put_away(path);
}

Result<> UndoVolume::remove_tree(const std::string& path) {
    TRY_ASSIGN(const auto old, files_->stat(path));
    if (!old) return fail("guest.not_found", {{"path", path}});
    if (!is_new(path)) return put_away(path);
    TRY(begin());
    TRY(files_->remove_tree(path));
    forget(path);
    return {};
}

} // namespace exhyperv::guest
