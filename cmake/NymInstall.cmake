# What `cmake --install` puts where: programs, libraries and headers, a CMake package and pkg-config files.
#   find_package(nym)  nym::engine (objects that decide), nym::client (a client on an io_context), nym::sim (plans)
#   pkg-config         nym-engine, nym-client
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/nym)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH NYM_PREFIX_FROM_PKGCONFIG /prefix/${pkgconfig_dir} /prefix)

install(TARGETS nym_engine ${NYM_ENGINE_LIBRARIES} EXPORT nymTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/engine DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nym FILES_MATCHING PATTERN "*.h")
install(TARGETS nym_sim ${NYM_SIM_LIBRARIES} EXPORT nymTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sim DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nym FILES_MATCHING PATTERN "*.h"
  PATTERN app EXCLUDE PATTERN scenarios EXCLUDE PATTERN page EXCLUDE)
install(TARGETS nym-sim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${PROJECT_SOURCE_DIR}/sim/trace/nym_sim.lua DESTINATION ${CMAKE_INSTALL_DATADIR}/nym)

if(NYM_BUILD_PROGRAMS)
  install(TARGETS ${NYM_CLIENT_LIBRARIES} EXPORT nymTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES ${PROJECT_SOURCE_DIR}/net/client/client.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nym/net/client)
  install(FILES ${PROJECT_SOURCE_DIR}/net/error.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nym/net)
  install(TARGETS nym-client RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  if(EXISTS ${PROJECT_SOURCE_DIR}/docs/nym-client.1)
    install(FILES ${PROJECT_SOURCE_DIR}/docs/nym-client.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
endif()
if(NYM_BUILD_TESTNET)
  install(TARGETS nym-testnet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

install(EXPORT nymTargets NAMESPACE nym:: DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/nymConfig.cmake.in ${PROJECT_BINARY_DIR}/nymConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nymConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nymConfig.cmake ${PROJECT_BINARY_DIR}/nymConfigVersion.cmake
  DESTINATION ${package_dir})

list(TRANSFORM NYM_ENGINE_LIBRARIES PREPEND -l OUTPUT_VARIABLE engine_flags)
list(JOIN engine_flags " " NYM_ENGINE_FLAGS)
configure_file(${CMAKE_CURRENT_LIST_DIR}/nym-engine.pc.in ${PROJECT_BINARY_DIR}/nym-engine.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/nym-engine.pc DESTINATION ${pkgconfig_dir})
if(NYM_BUILD_PROGRAMS)
  list(TRANSFORM NYM_CLIENT_LIBRARIES PREPEND -l OUTPUT_VARIABLE client_flags)
  list(JOIN client_flags " " NYM_CLIENT_FLAGS)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/nym-client.pc.in ${PROJECT_BINARY_DIR}/nym-client.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/nym-client.pc DESTINATION ${pkgconfig_dir})
endif()
