# room(NAME [rooms it stands on ...]): the static library of src/NAME.
#
# Each room has an include folder of its own that holds one link to it, so a file sees the rooms that
# its own room is linked with and no others: an include of a later chapter's room does not compile.
function(room name)
  set(folder ${CMAKE_SOURCE_DIR}/src/${name})
  if(COTORRA_ALL_MINE)
    folder_of_mine(${name} mine)
    if(mine)
      set(folder ${mine})
    endif()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/\\.[^/]*$") # .#wire.cpp: the user edits it in Emacs
  add_library(${name} STATIC ${sources})
  set(view ${CMAKE_BINARY_DIR}/rooms/${name})
  file(MAKE_DIRECTORY ${view})
  file(CREATE_LINK ${folder} ${view}/${name} SYMBOLIC)
  target_include_directories(${name} PUBLIC ${view})
  target_link_libraries(${name} PUBLIC ${ARGN} PRIVATE warnings)
  set_property(GLOBAL PROPERTY room_${name}_stands_on ${ARGN})
endfunction()
