#include "platform/console.h"

namespace exhyperv::platform {

Console::Console() = default;
Console::~Console() = default;

} // namespace exhyperv::platform
