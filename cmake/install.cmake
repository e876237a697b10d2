# Headers, a CMake package and a pkg-config file. Nothing here depends on the architecture, so the package
# files go below share/.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(wend_package_dir ${CMAKE_INSTALL_DATADIR}/cmake/wend)

install(DIRECTORY include/wend DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp"
                                                                               PATTERN "*.cppm")

# Two export sets, so that wend::core can be imported where Asio is not.
install(TARGETS wend_core EXPORT wendCore INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT wendCore NAMESPACE wend:: FILE wendCore.cmake DESTINATION ${wend_package_dir})
if(TARGET wend)
  install(TARGETS wend EXPORT wendNet)
  install(EXPORT wendNet NAMESPACE wend:: FILE wendNet.cmake DESTINATION ${wend_package_dir})
endif()

configure_package_config_file(cmake/wendConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/wendConfig.cmake
                              INSTALL_DESTINATION ${wend_package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/wendConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wendConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/wendConfigVersion.cmake cmake/wendAsio.cmake
        DESTINATION ${wend_package_dir})

configure_file(cmake/wend.pc.in ${CMAKE_CURRENT_BINARY_DIR}/wend.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wend.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
