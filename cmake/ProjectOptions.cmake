# Compiler settings shared by every target, as one INTERFACE library.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT WIN32) # there every program can be moved anyway, and the option only earns a warning
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Paths below the checkout are hashed relative to it: a second clone or work tree finds what the first one compiled.
  set(launcher env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

add_library(exhyperv_options INTERFACE)
target_include_directories(exhyperv_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(exhyperv_options INTERFACE
  -Wall -Wextra -Werror -Wshadow=local -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  -Wno-missing-field-initializers) # designated initialisers leave fields at their defaults on purpose
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlapping copies in std::string::insert and replace when optimising (GCC bug 105329); fixed in 13.
  target_compile_options(exhyperv_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()

set(EXHYPERV_SANITIZE "" CACHE STRING "Sanitizers, as given to -fsanitize= (address,undefined or thread)")
if(EXHYPERV_SANITIZE)
  target_compile_options(exhyperv_options INTERFACE -fsanitize=${EXHYPERV_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(exhyperv_options INTERFACE -fsanitize=${EXHYPERV_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # instrumented code confuses this warning (GCC's manual); other builds keep it
    target_compile_options(exhyperv_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

# mold links the test programs in a fraction of the time of GNU ld; it is optional. LTO builds keep the default linker.
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT CMAKE_CROSSCOMPILING AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(exhyperv_options INTERFACE -fuse-ld=mold)
endif()

if(WIN32)
  # Windows 10 and later, and none of windows.h's macros that are ordinary words.
  target_compile_definitions(exhyperv_options INTERFACE _WIN32_WINNT=0x0A00 NTDDI_VERSION=0x0A000006 UNICODE _UNICODE NOMINMAX
    WIN32_LEAN_AND_MEAN)
  target_compile_options(exhyperv_options INTERFACE -ffunction-sections -fdata-sections
    $<$<COMPILE_LANGUAGE:CXX>:-Wa,-mbig-obj>) # templates make more sections than the plain object format has numbers for
endif()

# Releases carry no symbol table and nothing that is never called: a smaller file is read faster when it is not in memory.
add_link_options($<$<CONFIG:Release>:-s> $<$<CONFIG:Release>:-Wl,--gc-sections>)
