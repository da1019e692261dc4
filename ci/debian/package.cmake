# What is installed, and the Debian package of it (ci/package builds it).
include(GNUInstallDirs)
set(doc ${CMAKE_INSTALL_DATADIR}/doc/sipwright)
install(TARGETS sipwright RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
file(GLOB documents CONFIGURE_DEPENDS harness/docs/*.md)
install(FILES README.md ${documents} DESTINATION ${doc})
install(DIRECTORY scenarios/examples DESTINATION ${doc})
install(DIRECTORY ci/github ci/gitlab ci/jenkins ci/docker ci/kubernetes DESTINATION ${doc}/ci)

# Debian wants both under this name, and the second one packed, without its time.
install(FILES ci/debian/copyright DESTINATION ${doc})
find_program(GZIP gzip REQUIRED)
set(changelog ${PROJECT_BINARY_DIR}/changelog.gz)
add_custom_command(OUTPUT ${changelog} COMMAND ${GZIP} -9nc ${PROJECT_SOURCE_DIR}/ci/debian/changelog > ${changelog}
    DEPENDS ci/debian/changelog)
install(FILES ${changelog} DESTINATION ${doc})

# What has to be built for it.
include(harness/kit/share.cmake)
add_custom_target(packaged DEPENDS sipwright share ${changelog})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sipwright)
set(CPACK_PACKAGE_CONTACT "sipwright maintainers <maintainers@sipwright.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "tests SIP phones, PBXs and proxies by scenarios in Lua")
set(CPACK_PACKAGE_DESCRIPTION "A call flow is twenty lines of Lua. It runs in milliseconds against a simulated
network with a virtual clock, the same bytes every time for the same seed;
and the same file, unchanged, gates a real device over UDP, TCP, TLS or
WebSocket. What fails is explained by a sentence, a ladder and a capture.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION comm)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
include(CPack)
