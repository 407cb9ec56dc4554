# A student's rooms: work/NN-name/ROOM stands in for src/ROOM.
#
# mine_ROOM is the library of the student's room, or of the reference where the chapter has two rooms
# and only one is in work. It is linked with the reference of every other chapter's rooms, so that a
# weak chapter 2 cannot poison chapter 7. An emptied hole calls todo(), which each file of a
# student's build sees (chapters/book/todo.hpp). All of it is built only when asked for.
#
# With COTORRA_ALL_MINE, in a build folder of its own, room() itself takes every room that is in
# work, and the program and all tests are the student's.
set(COTORRA_WORK ${PROJECT_SOURCE_DIR}/work CACHE PATH "where the student's rooms are")
set(COTORRA_FROM_SCRATCH "" CACHE STRING "chapters of which a student writes all: what is missing is told when it is called")
option(COTORRA_ALL_MINE "build everything with the student's rooms" OFF)

# The chapters and their rooms, as chapters/book/places.py names them: chapters, rooms_of_NN-name.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS chapters/book/places.py)
file(STRINGS chapters/book/places.py lines REGEX "^ +Chapter\\(\"")
foreach(line IN LISTS lines)
  string(REGEX MATCHALL "\"[^\"]+\"" words "${line}")
  string(REPLACE "\"" "" words "${words}")
  list(POP_FRONT words chapter)
  list(APPEND chapters ${chapter})
  set(rooms_of_${chapter} ${words})
endforeach()

# rooms_up_to(CHAPTER VARIABLE): what the chapters up to this one teach.
function(rooms_up_to last variable)
  foreach(chapter IN LISTS chapters)
    if(chapter STRGREATER last)
      break()
    endif()
    list(APPEND rooms ${rooms_of_${chapter}})
  endforeach()
  set(${variable} ${rooms} PARENT_SCOPE)
endfunction()

# folder_of_mine(ROOM VARIABLE): the folder of the student's room, or nothing. Only in its own chapter's
# folder: a student who copies work/01-bencode to work/01-bencode-old goes on in the first.
function(folder_of_mine room variable)
  set(mine)
  foreach(chapter IN LISTS chapters)
    if(room IN_LIST rooms_of_${chapter})
      file(GLOB found CONFIGURE_DEPENDS "${COTORRA_WORK}/${chapter}/${room}/*.[ch]pp")
      if(found)
        set(mine "${COTORRA_WORK}/${chapter}/${room}")
      endif()
    endif()
  endforeach()
  set(${variable} "${mine}" PARENT_SCOPE)
endfunction()

add_library(todo STATIC EXCLUDE_FROM_ALL chapters/book/todo.cpp)
# Each file of a student's rooms sees todo.hpp first: with the precompiled ground, or alone.
if(COTORRA_ALL_MINE)
  target_compile_options(todo INTERFACE "SHELL:-include \"${PROJECT_SOURCE_DIR}/chapters/book/todo.hpp\"")
else()
  target_link_libraries(todo PRIVATE cotorra::asio fmt::fmt)
  target_precompile_headers(todo PRIVATE ${PROJECT_SOURCE_DIR}/chapters/book/todo.hpp ${precompiled_ground})
endif()

add_library(mine_warnings INTERFACE) # work in progress: warnings, but none for what is not used yet
target_compile_options(mine_warnings INTERFACE -Wall -Wextra -Wno-unused -Wno-unused-parameter
                       -Wno-unused-but-set-variable -Wno-unused-but-set-parameter -Wno-restrict)

# mine_room(CHAPTER ROOM): the library mine_ROOM, linked with its chapter's own mine_ rooms.
function(mine_room chapter room)
  folder_of_mine(${room} folder)
  if(NOT folder)
    set(folder ${PROJECT_SOURCE_DIR}/src/${room})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/\\.[^/]*$") # .#wire.cpp: the user edits it in Emacs
  if(NOT sources) # begun from scratch, and nothing is written yet
    set(sources ${PROJECT_BINARY_DIR}/nothing_yet_${room}.cpp)
    file(GENERATE OUTPUT ${sources} CONTENT "// Nothing is written yet.\n")
  endif()
  add_library(mine_${room} STATIC EXCLUDE_FROM_ALL ${sources})
  set(view ${PROJECT_BINARY_DIR}/rooms/mine_${room}/cotorra)
  file(MAKE_DIRECTORY ${view})
  file(CREATE_LINK ${folder} ${view}/${room} SYMBOLIC)
  target_include_directories(mine_${room} PUBLIC ${view})
  get_property(stands_on GLOBAL PROPERTY cotorra_${room}_stands_on)
  foreach(other IN LISTS rooms_of_${chapter})
    list(TRANSFORM stands_on REPLACE "^${other}$" "mine_${other}")
  endforeach()
  link_rooms(mine_${room} PUBLIC ${stands_on} todo)
  target_link_libraries(mine_${room} PRIVATE mine_warnings)
  target_precompile_headers(mine_${room} REUSE_FROM todo)
  set_property(TARGET mine_${room} PROPERTY COMPILE_WARNING_AS_ERROR OFF)
endfunction()

# mine_NN-name: what a program of that chapter links, when the chapter is in work.
function(mine_rooms)
  foreach(chapter IN LISTS chapters)
    set(started)
    set(mine)
    foreach(room IN LISTS rooms_of_${chapter})
      folder_of_mine(${room} folder)
      list(APPEND started ${folder})
      list(PREPEND mine mine_${room})
    endforeach()
    if(started)
      foreach(room IN LISTS rooms_of_${chapter})
        mine_room(${chapter} ${room})
      endforeach()
      set(mine_${chapter} ${mine} PARENT_SCOPE)
    endif()
  endforeach()
endfunction()
