#pragma once

#include "cim/object_path.h"
#include "host/cim_session.h"
#include "support/deadline.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::hyperv {

/// How a method of the provider came to its end.
struct Completion {
    std::optional<cim::ObjectPath> job; ///< set when the work ran as a job
    /// The job was removed before its end was seen (TimeBeforeRemoval, wmi-facts 1.2): whether the effect is there must
    /// be looked at. Never taken for success.
    bool job_gone = false;
};

/// Judges a method's answer: 0 is done; 4096 is waited for (polling, by the deadline, cancellable; JobState 7 and 32768
/// are success); everything else is a provider_refusal with the whole text. At the deadline or on cancellation the
/// provider is asked to end the job and the error is job.timeout or job.cancelled: the effect may or may not come.
[[nodiscard]] Result<Completion> finish(host::CimSession& session, const host::MethodResult& answer,
                                        std::string_view operation, const CallContext& context);

/// invoke() and finish() in one.
[[nodiscard]] Result<Completion> invoke_and_finish(host::CimSession& session, const cim::ObjectPath& object,
                                                   std::string_view method,
                                                   const std::vector<cim::Property>& parameters,
                                                   const CallContext& context);

/// Paths of what a finished job made or changed (Msvm_AffectedJobElement): on the job path the OUT parameters are NULL.
[[nodiscard]] Result<std::vector<cim::ObjectPath>>
affected_elements(host::CimSession& session, const cim::ObjectPath& job, const CallContext& context);

} // namespace exhyperv::hyperv
