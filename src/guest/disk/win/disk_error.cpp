#include "guest/disk/win/disk_error.h"

#include "platform/win/errors.h"

namespace exhyperv::guest {

tl::unexpected<Error> fail_attach(Error error, const std::string& call) {
    if (error.code == "file.busy")
        error.code = "disk.in_use";
    else if (error.code == "file.not_found")
        error.code = "disk.not_found";
    else if (error.code == "file.access_denied")
        error.code = "disk.access_denied";
    else
        error.code = "disk.attach_failed";
    error.with("call", call);
    return fail(std::move(error));
}

tl::unexpected<Error> fail_attach(std::uint32_t code, const std::string& path, const std::string& call) {
    return fail_attach(platform::fail_win32(code, path, call).value(), call);
}

} // namespace exhyperv::guest
