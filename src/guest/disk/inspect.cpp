#include "guest/disk/disk_survey.h"
#include "guest/disk/windows_engine.h"

#include "guest/transaction.h"

namespace exhyperv::guest {

Result<DiskFindings> inspect_disk(const std::string& image_path) {
    DiskFindings out;
    TRY_ASSIGN(auto image, open_image(image_path, {.writable = false, .replay_log = false}));
    out.format = image->format();
    out.size = image->size();
    out.leftover_journal = has_leftover_journal(image_path);
    out.chain = image->chain();
    TRY_ASSIGN(auto survey, survey_disk(*image, image_path));
    image.reset(); // Windows is to have it
    if (has_encrypted(survey) && !out.leftover_journal) look_by_windows(image_path, survey);
    out.table = survey.table;
    for (auto& entry : survey.entries)
        out.partitions.push_back(std::move(entry.finding));
    return out;
}

} // namespace exhyperv::guest
