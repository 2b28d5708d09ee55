#include "transport/wmi_com/ports/wide_lists.h"

#include "support/utf.h"

namespace exhyperv::wmi_com {

std::vector<std::string> texts_of_list(std::u16string_view list) {
    std::vector<std::string> texts;
    while (!list.empty()) {
        const auto end = list.find(u'\0');
        const auto text = list.substr(0, end);
        if (text.empty()) break;
        texts.push_back(to_utf8(text));
        list = end == std::u16string_view::npos ? std::u16string_view{} : list.substr(end + 1);
    }
    return texts;
}

std::u16string wide_of_bytes(std::span<const std::byte> bytes) {
    std::u16string wide;
    wide.reserve(bytes.size() / 2);
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2)
        wide +=
            static_cast<char16_t>(std::to_integer<unsigned>(bytes[at]) | std::to_integer<unsigned>(bytes[at + 1]) << 8);
    return wide;
}

} // namespace exhyperv::wmi_com
