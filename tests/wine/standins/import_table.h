#pragma once

namespace exhyperv::standins {

/// Puts `ours` where the program's import table names a function, and returns what stood there: Windows' own, or that
/// of a stand-in which was there before. Null when the program does not import it.
void* replace_import(const char* function, void* ours);

} // namespace exhyperv::standins
