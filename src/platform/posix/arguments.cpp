#include "platform/arguments.h"

namespace exhyperv::platform {

std::vector<std::string> command_line(int argc, char** argv) {
    if (argc <= 0) return {"exhyperv"};
    return {argv, argv + argc};
}

} // namespace exhyperv::platform
