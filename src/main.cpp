#include "cli/cli.h"
#include "platform/arguments.h"
#include "platform/console.h"
#include "platform/elevation.h"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    try {
        auto words = exhyperv::platform::command_line(argc, argv);
        const std::string program = words.front();
        words.erase(words.begin());
        exhyperv::platform::take_over(words); // before anything is written
        const exhyperv::platform::Console console;
        return exhyperv::cli::run(program, std::move(words));
    } catch (const std::exception& problem) { // no layer throws: this is a defect, and the user is told so
        std::fprintf(stderr, "exhyperv: unexpected failure: %s\n", problem.what());
        return 1;
    }
}
