#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/guest_view.h"

namespace exhyperv::cli {
namespace {

constexpr PositionalSpec kPositionals[] = {{.name = "VM|IMAGE", .help = "cli.arg.guest", .offer = Offer::file}};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv guest inspect win11", "cli.guest_inspect.example"},
    {"exhyperv guest inspect /images/golden.vhdx", "cli.guest_inspect.example_image"},
};

/// The images to look into: the file that was named, or every virtual disk of the VM.
Result<std::vector<std::string>> images_of(Invocation& call, const std::string& target) {
    if (app::looks_like_image_path(target)) return std::vector<std::string>{target};
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto inventory, session->vm_inventory(call.look_context()));
    TRY_ASSIGN(const auto vm, session->find_vm(inventory, target));
    TRY_ASSIGN(const auto images, session->images(vm));
    if (images.empty()) return fail("cli.no_virtual_disk", {{"vm", vm.name}});
    std::vector<std::string> paths;
    for (const auto& image : images)
        paths.push_back(image.local_path);
    return paths;
}

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(const auto images, images_of(call, call.arguments.text("VM|IMAGE")));
    std::vector<app::GuestReport> reports;
    for (const std::string& image : images) {
        TRY_ASSIGN(auto report, app::report_guest(image));
        if (!reports.empty()) call.output.line();
        call.output.print(guest_text(report, call.output.ui()));
        reports.push_back(std::move(report));
    }
    call.output.result(guest_document(reports, call.output.ui().language));
    return ExitCode::done;
}

} // namespace

const CommandSpec kGuestInspect{
    "guest", "inspect", "cli.guest_inspect.summary", "cli.guest_inspect.details", kPositionals, {}, kExamples, run};

} // namespace exhyperv::cli
