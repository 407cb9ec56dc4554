# What `cmake --install` and CPack put on a system: the library for other projects, the program with its
# manual, completion and desktop entry, and the module for Python.
include(CMakePackageConfigHelpers)

# The library: cotorra::session, cotorra::bencode, ... by find_package(cotorra), or pkg-config.
get_property(rooms GLOBAL PROPERTY cotorra_rooms)
list(REMOVE_ITEM rooms cli) # the program's own
list(TRANSFORM rooms PREPEND cotorra_ OUTPUT_VARIABLE targets)
install(TARGETS ${targets} cotorra_asio EXPORT cotorra
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT cotorra NAMESPACE cotorra:: FILE cotorra-targets.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cotorra COMPONENT development)
install(DIRECTORY src/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cotorra COMPONENT development
        FILES_MATCHING PATTERN "*.hpp" PATTERN cli EXCLUDE PATTERN python EXCLUDE)
configure_file(.cmake/cotorra-config.cmake.in cotorra-config.cmake @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cotorra-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cotorra-config.cmake ${PROJECT_BINARY_DIR}/cotorra-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cotorra COMPONENT development)

# A linker takes what it needs from a static library once: the rooms from the last to the first.
list(REVERSE rooms)
list(TRANSFORM rooms PREPEND -lcotorra_)
list(JOIN rooms " " pc_libraries)
get_target_property(definitions cotorra_asio INTERFACE_COMPILE_DEFINITIONS)
list(TRANSFORM definitions PREPEND -D)
list(JOIN definitions " " pc_definitions)
file(RELATIVE_PATH pc_up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /) # wherever it is installed to
configure_file(.cmake/cotorra.pc.in cotorra.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cotorra.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT development)

if(NOT COTORRA_PROGRAM)
  return()
endif()

# The program. What says how it is used is made by itself, of what --help says.
install(TARGETS cotorra RUNTIME COMPONENT program)
set(made ${PROJECT_BINARY_DIR}/share)
set(pages)
function(printed file component destination)
  list(JOIN ARGN " " words)
  add_custom_command(OUTPUT ${made}/${file} COMMAND ${CMAKE_COMMAND} -E make_directory ${made}
    COMMAND cotorra ${ARGN} > ${made}/${file} DEPENDS cotorra COMMENT "cotorra ${words}" VERBATIM)
  set(pages ${pages} ${made}/${file} PARENT_SCOPE)
  install(FILES ${made}/${file} DESTINATION ${destination} COMPONENT ${component} ${rename})
endfunction()
printed(cotorra.1 program ${CMAKE_INSTALL_MANDIR}/man1 manual)
file(GLOB verbs CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/src/cli ${PROJECT_SOURCE_DIR}/src/cli/verb_*.cpp)
foreach(file ${verbs})
  string(REGEX REPLACE "verb_(.*)\\.cpp" "\\1" verb ${file})
  printed(cotorra-${verb}.1 program ${CMAKE_INSTALL_MANDIR}/man1 manual ${verb})
endforeach()
set(rename RENAME cotorra)
printed(cotorra.bash program ${CMAKE_INSTALL_DATADIR}/bash-completion/completions completion bash)
set(rename RENAME _cotorra)
printed(cotorra.zsh program ${CMAKE_INSTALL_DATADIR}/zsh/site-functions completion zsh)
set(rename)
printed(cotorra.fish program ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d completion fish)
add_custom_target(cotorra_pages ALL DEPENDS ${pages})
install(FILES .reuse/dep5 DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/cotorra RENAME copyright COMPONENT program)
install(FILES .reuse/dep5 DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libcotorra-dev RENAME copyright
        COMPONENT development)
install(FILES .cmake/cotorra.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT program)

# The module for Python, when asked for (COTORRA_PYTHON).
if(COTORRA_PYTHON)
  set(COTORRA_PYTHON_DIR lib/python3/dist-packages CACHE STRING "where Python looks for modules, below the prefix")
  install(TARGETS cotorra_python DESTINATION ${COTORRA_PYTHON_DIR} COMPONENT python)
  install(FILES ${PROJECT_BINARY_DIR}/python/cotorra.pyi DESTINATION ${COTORRA_PYTHON_DIR} COMPONENT python)
endif()

# cpack -G DEB: one package for the program, one for the library, one for the module.
set(CPACK_PACKAGE_CONTACT "the cotorra project <cotorra@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "BitTorrent client, tracker and explainer in C++20 coroutines")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME cotorra)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libcotorra-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libasio-dev, libfmt-dev, libutf8proc-dev, zlib1g-dev, lib${BOTAN_MODULE_NAME}-dev")
set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-cotorra)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS ON)
math(EXPR next "${Python_VERSION_MINOR} + 1")
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "python3 (>= 3.${Python_VERSION_MINOR}), python3 (<< 3.${next})")
set(CPACK_COMPONENTS_ALL program development)
if(COTORRA_PYTHON)
  list(APPEND CPACK_COMPONENTS_ALL python)
endif()
include(CPack)
