# Debian 12 packages only; nothing is downloaded at configure time.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)

find_package(CLI11 REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
if(NYM_BUILD_PROGRAMS)
  find_package(Boost 1.81 REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(Threads REQUIRED)
endif()
