#pragma once

#include "host/host.h"
#include "model/gpu.h"
#include "support/deadline.h"

#include <vector>

namespace exhyperv::hyperv {

/// The graphics cards of the host: those Hyper-V can partition, joined with device node, driver and VRAM, and those it
/// cannot (software cards left out), including cards that are dismounted or in a VM. Seven round trips, whatever the
/// number of cards or VMs. VRAM comes from the registry: the provider's amounts are normalized numbers, and the usual
/// 32-bit field wraps.
[[nodiscard]] Result<std::vector<model::Gpu>> list_gpus(host::Host& host, const CallContext& context);
/// The same with the PCI functions (list_pci_devices) already at hand: three round trips less.
[[nodiscard]] Result<std::vector<model::Gpu>> list_gpus(host::Host& host, const std::vector<model::PciDevice>& devices,
                                                        const CallContext& context);

/// One CIM query: only what Hyper-V says of its partitionable cards (interface path, object path, amounts).
[[nodiscard]] Result<std::vector<model::Gpu>> list_partitionable_gpus(host::CimSession& session,
                                                                      const CallContext& context);

} // namespace exhyperv::hyperv
