# The same libraries for Windows. Two ways: cross-built on Debian (seen under Wine), or with vcpkg on Windows (untested).
set(ZLIB_USE_STATIC_LIBS ON) # one file: with the import library, zlib1.dll would have to lie beside it
find_package(ZLIB REQUIRED) # Debian: libz-mingw-w64-dev

if(CMAKE_CROSSCOMPILING)
  # The header-only ones are Debian's own, seen through links: /usr/include as a whole would bring glibc's headers along.
  set(linked_headers ${CMAKE_BINARY_DIR}/headers)
  file(MAKE_DIRECTORY ${linked_headers})
  foreach(entry boost nlohmann CLI fmt tl xxhash.h)
    if(NOT EXISTS /usr/include/${entry})
      message(FATAL_ERROR "/usr/include/${entry} is missing: sh tools/setup.sh build windows")
    endif()
    file(CREATE_LINK /usr/include/${entry} ${linked_headers}/${entry} SYMBOLIC)
  endforeach()
  target_include_directories(dep_headers SYSTEM INTERFACE ${linked_headers})
  target_link_libraries(dep_json INTERFACE dep_headers)
else()
  find_package(nlohmann_json REQUIRED)
  find_package(fmt REQUIRED)
  find_package(CLI11 REQUIRED)
  find_package(tl-expected REQUIRED)
  find_package(xxHash REQUIRED)
  find_package(Boost REQUIRED)
  target_link_libraries(dep_headers INTERFACE fmt::fmt-header-only CLI11::CLI11 tl::expected xxHash::xxhash Boost::headers)
  target_link_libraries(dep_json INTERFACE nlohmann_json::nlohmann_json)
endif()

# What Debian does not build for Windows is built here, from Debian's source packages.
set(EXHYPERV_WINDOWS_LIBRARIES ${CMAKE_SOURCE_DIR}/build/windows-libraries CACHE PATH
  "Unpacked sources of ntfs-3g, hivex, pugixml and openssl (tools/windows/fetch_libraries.py fills it)")
if(CMAKE_CROSSCOMPILING)
  execute_process(
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/windows/fetch_libraries.py ${EXHYPERV_WINDOWS_LIBRARIES}
    COMMAND_ERROR_IS_FATAL ANY)
endif()
add_subdirectory(${CMAKE_SOURCE_DIR}/third_party ${CMAKE_BINARY_DIR}/third_party)
