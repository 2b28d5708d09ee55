#include "cli/cli.h"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    try {
        return exhyperv::cli::run(argc > 0 ? argv[0] : "exhyperv", {argv + (argc > 0 ? 1 : 0), argv + argc});
    } catch (const std::exception& problem) { // no layer throws: this is a defect, and the user is told so
        std::fprintf(stderr, "exhyperv: unexpected failure: %s\n", problem.what());
        return 1;
    }
}
