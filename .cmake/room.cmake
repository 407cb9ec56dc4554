# room(NAME [rooms and libraries it stands on ...]): the static library of src/NAME. Its target is
# cotorra::NAME, here and in a project that uses ours.
#
# Each room has an include folder of its own that holds one link to it, so a file sees the rooms that
# its own room is linked with and no others: an include of a later chapter's room does not compile.
function(room name)
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  if(COTORRA_ALL_MINE)
    folder_of_mine(${name} mine)
    if(mine)
      set(folder ${mine})
    endif()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/\\.[^/]*$") # .#wire.cpp: the user edits it in Emacs
  add_library(cotorra_${name} STATIC ${sources})
  add_library(cotorra::${name} ALIAS cotorra_${name})
  set_property(GLOBAL APPEND PROPERTY cotorra_rooms ${name})
  set_property(GLOBAL PROPERTY cotorra_${name}_stands_on ${ARGN})

  # "io/stream.hpp" for the rooms, <cotorra/io/stream.hpp> as well for other projects
  set(view ${PROJECT_BINARY_DIR}/rooms/${name}/cotorra)
  file(MAKE_DIRECTORY ${view})
  file(CREATE_LINK ${folder} ${view}/${name} SYMBOLIC)
  target_include_directories(cotorra_${name} PUBLIC
    $<BUILD_INTERFACE:${view}> $<BUILD_INTERFACE:${view}/..>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cotorra> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(cotorra_${name} PUBLIC cxx_std_20)
  # The program, the tests and the module for Python link the same objects, and a module must be movable.
  set_target_properties(cotorra_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON
                        CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  link_rooms(cotorra_${name} PUBLIC ${ARGN})
  target_link_libraries(cotorra_${name} PRIVATE $<BUILD_INTERFACE:cotorra_warnings>)
endfunction()

# link_rooms(TARGET PUBLIC|PRIVATE names ...): as target_link_libraries, and rooms have their short names.
function(link_rooms target how)
  get_property(rooms GLOBAL PROPERTY cotorra_rooms)
  foreach(word IN LISTS ARGN)
    if(word IN_LIST rooms)
      set(word cotorra::${word})
    elseif(word STREQUAL warnings)
      set(word cotorra_warnings)
    endif()
    target_link_libraries(${target} ${how} ${word})
  endforeach()
endfunction()

# Headers of others take most of the time of a compilation, so those that twenty files see are read once for
# all. Not more of them: each file pays for the size of the whole. No header of ours is among them, and no
# file depends on it: each still includes what it uses.
set(precompiled_ground <asio/awaitable.hpp> <asio/io_context.hpp> <asio/post.hpp> <asio/redirect_error.hpp>
    <asio/steady_timer.hpp> <asio/use_awaitable.hpp> <algorithm> <chrono> <deque> <filesystem> <fmt/format.h>
    <functional> <list> <map> <memory> <optional> <random> <set> <span> <string> <unordered_map> <variant> <vector>)

# precompile(TARGET headers ...): compiles the ground and these.   precompiled(TARGET FROM): has what FROM has.
function(precompile target)
  if(NOT COTORRA_ALL_MINE) # there each file sees todo.hpp first
    target_precompile_headers(${target} PRIVATE ${precompiled_ground} ${ARGN})
  endif()
endfunction()
function(precompiled target from)
  if(NOT COTORRA_ALL_MINE)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()
