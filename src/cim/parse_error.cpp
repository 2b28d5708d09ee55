#include "cim/parse_error.h"

#include "support/utf.h"

#include <algorithm>

namespace exhyperv::cim {

tl::unexpected<Error> parse_error(std::string code, std::uint32_t hresult, std::string_view input, std::size_t position,
                                  std::string_view reason) {
    constexpr std::size_t kExcerpt = 60;
    const std::size_t at = std::min(position, input.size());
    std::string excerpt = to_utf8(to_utf16(input.substr(at, kExcerpt))); // a cut or malformed sequence becomes U+FFFD
    for (char& c : excerpt)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    Error error{std::move(code), {}, {}, {}, {}};
    error.with("position", std::to_string(at)).with("reason", std::string(reason)).with("text", std::move(excerpt));
    if (hresult) error.with_native(NativeKind::hresult, hresult);
    return fail(std::move(error));
}

} // namespace exhyperv::cim
