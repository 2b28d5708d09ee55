#include "platform/posix/errors.h"

#include <cerrno>
#include <system_error>

namespace exhyperv::platform {

namespace {

const char* code_of(int code) {
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return "file.not_found";
    case EEXIST:
        return "file.exists";
    case EACCES:
    case EPERM:
    case EROFS:
        return "file.access_denied";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "file.no_space";
    case EAGAIN:
    case EBUSY:
    case ETXTBSY:
        return "file.busy";
    case EISDIR:
        return "file.not_regular";
    default:
        return "file.io";
    }
}

} // namespace

tl::unexpected<Error> fail_errno(int code, const std::string& path, std::string_view call) {
    const std::string reason = std::generic_category().message(code);
    Error error{code_of(code), {{"path", path}, {"reason", reason}}, {}, {}, std::string(call) + ": " + reason};
    error.with_native(NativeKind::posix, code);
    return fail(std::move(error));
}

} // namespace exhyperv::platform
