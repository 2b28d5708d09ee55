#pragma once

#include "cli/command.h"

namespace exhyperv::cli {

// One file each.
extern const CommandSpec kStatus;
extern const CommandSpec kVmList;
extern const CommandSpec kVmShow;
extern const CommandSpec kVmStart;
extern const CommandSpec kVmStop;
extern const CommandSpec kVmTurnOff;
extern const CommandSpec kGpuList;
extern const CommandSpec kGpuShow;
extern const CommandSpec kGpuAdd;
extern const CommandSpec kGpuRemove;
extern const CommandSpec kDeviceList;
extern const CommandSpec kDeviceShow;
extern const CommandSpec kDeviceReport;
extern const CommandSpec kDisplayAdvise;
extern const CommandSpec kGpuDrift;
extern const CommandSpec kGpuSync;
extern const CommandSpec kGuestInspect;
extern const CommandSpec kGuestImport;
extern const CommandSpec kGuestPurge;
extern const CommandSpec kPolicyShow;
extern const CommandSpec kPolicyAllow;
extern const CommandSpec kPolicyRestore;
extern const CommandSpec kHistory;
extern const CommandSpec kRecover;
extern const CommandSpec kSelfTest;
extern const CommandSpec kSimReset;
extern const CommandSpec kSimScenarios;
extern const CommandSpec kSimUpdateDriver;
extern const CommandSpec kHostList;
extern const CommandSpec kHostAdd;
extern const CommandSpec kHostRemove;
extern const CommandSpec kUi;
extern const CommandSpec kServe;
extern const CommandSpec kServePasswd;
extern const CommandSpec kCompletion;

extern const CommandSpec kDeviceAssign;
extern const CommandSpec kDeviceReturn;
extern const CommandSpec kDeviceRecover;

/// All of them, in the order of the help.
[[nodiscard]] std::span<const CommandSpec* const> all_commands();

/// Catalogue key that describes a group ("gpu") in the help; empty for an unknown one.
[[nodiscard]] std::string_view group_summary(std::string_view group);

} // namespace exhyperv::cli
