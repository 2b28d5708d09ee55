/* Nothing of it is used: posix_names.h has the names. */
