# Debian 12 packages only; nothing is downloaded at configure time.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)

find_package(CLI11 REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
# Charts of nym-sim's reports; becomes part of the program.
find_file(NYM_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH)
if(NOT NYM_CHART_JS)
  message(FATAL_ERROR "chart.min.js is missing, which the reports of nym-sim contain: install libjs-chart.js "
    "(scripts/install-dependencies does), or say where it is with -DNYM_CHART_JS=FILE")
endif()
if(NYM_BUILD_PROGRAMS)
  find_package(Boost 1.81 REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(Threads REQUIRED)
  pkg_check_modules(prometheus REQUIRED IMPORTED_TARGET prometheus-cpp-core)
endif()
