#pragma once

#include "assign/device/inventory.h"
#include "model/vm.h"

#include <string>
#include <vector>

namespace exhyperv::assign {

/// One way to get a picture out of a VM whose graphics come from a GPU partition. `pass`: there now; `warn`: something
/// is to be done first, or speaks against it; `fail`: not with this host or VM.
struct DisplayWay {
    std::string id; ///< "remote", "indirect", "usb"
    Verdict verdict = Verdict::unknown;
    Message what; ///< how the picture comes
    std::vector<Message> notes;
};

/// A USB graphics adapter on the host, and the controller that would have to go with it.
struct DisplayAdapter {
    std::string name, instance_path;
    std::string controller, controller_name;        ///< pure id; the name people know
    Assignability verdict = Assignability::unknown; ///< of the controller
    std::vector<Check> evidence;                    ///< what speaks against passing the controller
    std::vector<std::string> goes_along;            ///< names of other devices that would leave the host with it
};

struct DisplayAdvice {
    Guid vm_id;
    std::string vm_name;
    bool has_partition = false;
    std::vector<DisplayWay> ways; ///< best first for this host and VM
    std::vector<DisplayAdapter> adapters;
};

/// Reads the host and says what leads to a picture. Changes nothing. Constant number of round trips. Errors:
/// vm.not_found, vm.ambiguous, and what the ports return.
[[nodiscard]] Result<DisplayAdvice> advise_display(host::Host& host, std::string_view vm, const CallContext& context);

/// The thinking, without the reading.
[[nodiscard]] DisplayAdvice advise_display(const DeviceInventory& inventory, const model::Vm& vm, bool has_partition);

} // namespace exhyperv::assign
