# Third-party libraries, all from Debian packages; docs/adr says why each one. Header-only ones are used as INTERFACE targets
# so that the Windows cross-build can point them at the same headers.
find_package(Threads REQUIRED)
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter) # generators at build time, runners of the end-to-end tests

add_library(dep_headers INTERFACE) # tl::expected, fmt (header-only), CLI11, xxHash (inline), Boost.CRC: no library to link
target_compile_definitions(dep_headers INTERFACE FMT_HEADER_ONLY)
add_library(dep_json INTERFACE)

if(WIN32)
  include(WindowsDependencies)
else()
  find_package(PkgConfig REQUIRED)
  find_package(nlohmann_json 3.11 REQUIRED)
  target_link_libraries(dep_json INTERFACE nlohmann_json::nlohmann_json)
  find_package(pugixml REQUIRED)
  find_package(ZLIB REQUIRED)
  find_package(OpenSSL REQUIRED)
  pkg_check_modules(NTFS3G REQUIRED IMPORTED_TARGET libntfs-3g)
  pkg_check_modules(HIVEX REQUIRED IMPORTED_TARGET hivex)
  pkg_check_modules(EXT2FS REQUIRED IMPORTED_TARGET ext2fs e2p com_err)
endif()
