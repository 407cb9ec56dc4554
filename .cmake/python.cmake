# The module `cotorra` for Debian's Python:  ninja -C build/release cotorra_python
# It lies in python/ of the build folder. It compiles the rooms again, as position-independent code: a
# module needs that, and the program is quicker without.
find_program(DEBIAN_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT Python_EXECUTABLE)
  set(Python_EXECUTABLE ${DEBIAN_PYTHON})
endif()
find_package(Python 3.9 QUIET COMPONENTS Interpreter Development.Module)
find_package(pybind11 QUIET)
if(NOT Python_Development.Module_FOUND OR NOT pybind11_FOUND)
  add_custom_target(cotorra_python
    COMMAND ${CMAKE_COMMAND} -E echo "the Python module needs: apt-get install --no-install-recommends pybind11-dev python3-dev"
    COMMAND ${CMAKE_COMMAND} -E false)
  return()
endif()

set(sources ${CMAKE_BINARY_DIR}/asio_impl.cpp)
foreach(room base io bencode metainfo http tracker handshake choke message piece tracker_server session python)
  file(GLOB more CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*.cpp)
  list(APPEND sources ${more})
endforeach()
pybind11_add_module(cotorra_python MODULE EXCLUDE_FROM_ALL NO_EXTRAS ${sources})
target_include_directories(cotorra_python PRIVATE ${CMAKE_SOURCE_DIR}/src)
target_include_directories(cotorra_python SYSTEM PRIVATE ${ASIO_INCLUDE_DIR})
target_compile_definitions(cotorra_python PRIVATE $<TARGET_PROPERTY:asio,INTERFACE_COMPILE_DEFINITIONS>)
target_link_libraries(cotorra_python PRIVATE Threads::Threads fmt::fmt PkgConfig::BOTAN PkgConfig::UTF8PROC ZLIB::ZLIB warnings)
set_target_properties(cotorra_python PROPERTIES OUTPUT_NAME cotorra CXX_VISIBILITY_PRESET hidden
                      LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/python)
