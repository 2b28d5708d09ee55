#include "guest/disk/win/handle.h"

#include "platform/win/errors.h"

namespace exhyperv::guest {

tl::unexpected<Error> fail_in_guest(std::uint32_t code, const std::string& path, std::string_view call) {
    Error error = platform::fail_win32(code, path, call).value();
    if (code == ERROR_DIR_NOT_EMPTY)
        error.code = "guest.directory_not_empty";
    else if (error.code == "file.not_found")
        error.code = "guest.not_found";
    else if (error.code == "file.exists")
        error.code = "guest.exists";
    else if (error.code == "file.no_space")
        error.code = "guest.no_space";
    else if (error.code == "file.access_denied" || error.code == "file.busy")
        error.code = "guest.access";
    else
        error.code = "guest.io";
    return fail(std::move(error));
}

} // namespace exhyperv::guest
