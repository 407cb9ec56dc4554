# What the compiler is asked to look for in our own files. That a warning is an error is said by the presets:
# another compiler than ours may see more, and must not stop a user.
add_library(cotorra_warnings INTERFACE)
target_compile_options(cotorra_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # it sees overlaps and overflows in "a" + std::string
  target_compile_options(cotorra_warnings INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # GCC 12 and 14 see a wrong delete where a coroutine's frame is inlined
  target_compile_options(cotorra_warnings INTERFACE -Wno-mismatched-new-delete)
endif()
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES ccache AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(cotorra_warnings INTERFACE -fpch-preprocess) # or it would not keep what it compiled
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  # GCC 12's own <algorithm> calls what it deprecates
  target_compile_options(cotorra_warnings INTERFACE -Wno-deprecated-declarations)
endif()
if(CMAKE_CXX_FLAGS MATCHES "fsanitize=thread")
  target_compile_options(cotorra_warnings INTERFACE -Wno-tsan) # Asio's fences, which tsan cannot follow
endif()

if(COTORRA_ALL_MINE) # a student's work in progress
  target_link_libraries(cotorra_warnings INTERFACE todo)
  target_compile_options(cotorra_warnings INTERFACE -Wno-unused -Wno-unused-parameter)
  set(CMAKE_COMPILE_WARNING_AS_ERROR OFF)
endif()
