#include "guest/block/beside_image.h"

#include "platform/file.h"
#include "platform/process.h"
#include "support/guid.h"
#include "support/physical_disk.h"

namespace exhyperv::guest {

namespace {

std::string base_of(const std::string& image_path) {
    if (!physical_disk_number(image_path)) return platform::real_path(image_path).value_or(image_path);
    const auto directory = platform::data_directory();
    if (!directory) return {};
    const auto disk = platform::File::open(image_path, platform::OpenMode::read);
    const auto identity = disk ? disk->identity() : fail(disk.error());
    if (!identity) return {};
    return *directory + "/disks/" + Guid::from_name(*identity).str();
}

} // namespace

std::string path_beside(const std::string& image_path, std::string_view suffix) {
    std::string base = base_of(image_path);
    return base.empty() ? base : base.append(suffix);
}

bool was_left_online(const std::string& image_path) {
    return physical_disk_number(image_path) && platform::file_exists(path_beside(image_path, kOnlineSuffix));
}

} // namespace exhyperv::guest
