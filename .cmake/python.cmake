# The module `cotorra` for Debian's Python:  ninja -C build/release cotorra_python
# It lies in python/ of the build folder.
option(COTORRA_PYTHON "build and install the module for Python, too" OFF)
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
  if(COTORRA_PYTHON)
    message(FATAL_ERROR "COTORRA_PYTHON needs the packages pybind11-dev and python3-dev")
  endif()
  return()
endif()

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/python/*.cpp)
pybind11_add_module(cotorra_python MODULE EXCLUDE_FROM_ALL NO_EXTRAS ${sources})
set_target_properties(cotorra_python PROPERTIES EXCLUDE_FROM_ALL $<NOT:$<BOOL:${COTORRA_PYTHON}>>)
target_include_directories(cotorra_python PRIVATE ${PROJECT_SOURCE_DIR}/src)
link_rooms(cotorra_python PRIVATE session tracker_server warnings)
precompile(cotorra_python <pybind11/pybind11.h> <pybind11/stl.h>)
set_target_properties(cotorra_python PROPERTIES OUTPUT_NAME cotorra CXX_VISIBILITY_PRESET hidden
                      LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/python)
# cotorra.pyi: its signatures, for editors and type checkers
add_custom_command(TARGET cotorra_python POST_BUILD VERBATIM
  COMMAND ${Python_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/.cmake/stubs.py ${PROJECT_BINARY_DIR}/python)
