# exhyperv_layer(<name> SOURCES … [LINK …] [SMALL [FAST …]])     a layer library `exhyperv_<name>` from the current folder
#   SMALL: its code runs once a command, so releases compile it for size: a program file that is read from the disk starts as
#   fast as it is small (tests/bench: --version, program file not in memory). FAST: sources that are compiled for speed all the same.
# exhyperv_test(<name> KIND unit|contract|integration SOURCES … LINK …)   a gtest program, registered case by case with ctest
option(EXHYPERV_UNITY "Compile several source files as one: quicker from nothing, slower after a change" OFF)
# exhyperv_unity(<target> <source>…)   which files go together, tools/unity_groups.py finds out at every configure
function(exhyperv_unity target)
  if(NOT EXHYPERV_UNITY)
    return()
  endif()
  set(files "")
  foreach(source ${ARGN})
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    cmake_path(IS_PREFIX CMAKE_BINARY_DIR ${source} generated) # large tables, and not there at the first configure
    if(NOT generated)
      list(APPEND files ${source})
    endif()
  endforeach()
  execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/unity_groups.py ${files}
    OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REPLACE "\n" ";" lines "${lines}")
  foreach(line ${lines})
    string(REGEX MATCH "^(.*)\t(.*)$" parts "${line}")
    set_source_files_properties(${CMAKE_MATCH_1} PROPERTIES UNITY_GROUP ${target}_${CMAKE_MATCH_2})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage) # the file that is compiled is no header, though it is included
endfunction()

function(exhyperv_layer name)
  cmake_parse_arguments(L "SMALL" "" "SOURCES;LINK;FAST" ${ARGN})
  add_library(exhyperv_${name} STATIC ${L_SOURCES})
  if(L_SMALL AND CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(exhyperv_${name} PRIVATE -Os)
    set_source_files_properties(${L_FAST} PROPERTIES COMPILE_OPTIONS -O2)
  endif()
  target_link_libraries(exhyperv_${name} PUBLIC exhyperv_options dep_headers ${L_LINK})
  exhyperv_unity(exhyperv_${name} ${L_SOURCES})
endfunction()

if(NOT WIN32)
  find_package(GTest QUIET)
endif()
include(GoogleTest)
function(exhyperv_test name)
  cmake_parse_arguments(T "" "KIND" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${T_SOURCES})
  target_link_libraries(${name} PRIVATE ${T_LINK} GTest::gmock GTest::gtest GTest::gtest_main)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(${name} PRIVATE -O0) # the product is optimised; its tests only have to build quickly
  endif()
  exhyperv_unity(${name} ${T_SOURCES})
  if(CMAKE_CROSSCOMPILING)
    exhyperv_wine_test(${name} ${T_KIND}) # tests/wine: one process a program, starting one is what costs there
    return()
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${T_KIND} TIMEOUT 300)
endfunction()
