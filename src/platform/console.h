#pragma once

namespace exhyperv::platform {

/// While it lives, standard output and standard error show UTF-8 text and colours, and write bytes as they are given:
/// on Windows the console is switched to that and back at the end; elsewhere nothing is to be done. One a process.
class Console {
  public:
    Console();
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

  private:
    struct Before {
        unsigned code_page = 0;
        unsigned long modes[2] = {};
        bool known[2] = {};
    };
    Before before_;
};

} // namespace exhyperv::platform
