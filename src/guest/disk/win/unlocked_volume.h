#pragma once

#include "guest/disk/disk_survey.h"
#include "guest/disk/win/attached_ground.h"

namespace exhyperv::guest {

/// Looks into the BitLocker volumes that this machine has unlocked (by an automatic unlock, say) and that our own
/// engine cannot read: what it would have found is put into the survey, refusals included. Volumes that stay locked
/// stay refused.
void look_into_unlocked(DiskSurvey& survey, const AttachedGround& ground);

} // namespace exhyperv::guest
