# exhyperv_layer(<name> SOURCES … [LINK …])     a layer library `exhyperv_<name>` from the current folder
# exhyperv_test(<name> KIND unit|contract|integration SOURCES … LINK …)   a gtest program, registered case by case with ctest
function(exhyperv_layer name)
  cmake_parse_arguments(L "" "" "SOURCES;LINK" ${ARGN})
  add_library(exhyperv_${name} STATIC ${L_SOURCES})
  target_link_libraries(exhyperv_${name} PUBLIC exhyperv_options dep_headers ${L_LINK})
endfunction()

find_package(GTest QUIET)
include(GoogleTest)
function(exhyperv_test name)
  cmake_parse_arguments(T "" "KIND" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${T_SOURCES})
  target_link_libraries(${name} PRIVATE ${T_LINK} GTest::gmock GTest::gtest GTest::gtest_main)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(${name} PRIVATE -O0) # the product is optimised; its tests only have to build quickly
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${T_KIND} TIMEOUT 300)
endfunction()
