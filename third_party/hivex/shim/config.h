/* What libhivex's configure script would have found out about mingw-w64. */
#pragma once

#define PACKAGE "hivex"
#define PACKAGE_NAME "hivex"
#define PACKAGE_VERSION "cross-built"
#define ICONV_CONST

#include "whole_file.h"
