# Tests of the Windows build, run by Wine (label "wine"). One throw-away prefix serves them all; a test that registers something
# in it makes a copy of its own (clone_prefix.sh: a tenth of a second).
if(NOT WINE_PROGRAM)
  message(FATAL_ERROR "Wine is missing: sh tools/setup.sh wine")
endif()
if(NOT EXISTS /usr/src/googletest/CMakeLists.txt)
  message(FATAL_ERROR "GoogleTest's sources are missing: sh tools/setup.sh wine")
endif()
set(gtest_force_shared_crt OFF CACHE BOOL "" FORCE)
set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
add_subdirectory(/usr/src/googletest ${CMAKE_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
foreach(library gtest gtest_main gmock)
  target_compile_options(${library} PRIVATE -w -O0)
  if(NOT TARGET GTest::${library})
    add_library(GTest::${library} ALIAS ${library})
  endif()
endforeach()

set(EXHYPERV_WINE_PREFIX ${CMAKE_BINARY_DIR}/wine-prefix)
# No browser engine, no .NET, no menu entries on this desktop, no display, no chatter.
set(EXHYPERV_WINE_ENVIRONMENT WINEPREFIX=${EXHYPERV_WINE_PREFIX} WINEARCH=win64 WINEDEBUG=-all DISPLAY=
  "WINEDLLOVERRIDES=mscoree,mshtml,winemenubuilder.exe=" EXHYPERV_WINE=${WINE_PROGRAM} PYTHONDONTWRITEBYTECODE=1)

add_test(NAME wine.prefix
  COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/wine/make_prefix.sh ${WINE_PROGRAM} ${EXHYPERV_WINE_PREFIX} 120)
set_tests_properties(wine.prefix PROPERTIES LABELS wine FIXTURES_SETUP wine_prefix TIMEOUT 300
  ENVIRONMENT "${EXHYPERV_WINE_ENVIRONMENT}")

# exhyperv_in_wine(<test>…)   what a test needs that runs Windows programs
function(exhyperv_in_wine)
  set_tests_properties(${ARGN} PROPERTIES LABELS wine FIXTURES_REQUIRED wine_prefix TIMEOUT 600
    ENVIRONMENT "${EXHYPERV_WINE_ENVIRONMENT}")
endfunction()

# exhyperv_wine_test(<target> <kind>)   a gtest program as one test
function(exhyperv_wine_test name kind)
  # POSIX names that test files use to make temporary folders and set variables.
  target_compile_options(${name} PRIVATE -include ${CMAKE_SOURCE_DIR}/tests/wine/posix_names.h)
  add_test(NAME wine.${kind}.${name} COMMAND ${name} --gtest_brief=1)
  exhyperv_in_wine(wine.${kind}.${name})
endfunction()
