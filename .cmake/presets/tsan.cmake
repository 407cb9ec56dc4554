# cmake -C .cmake/presets/tsan.cmake -G Ninja -B build/tsan
set(CMAKE_BUILD_TYPE None CACHE STRING "")
set(CMAKE_CXX_FLAGS "-O1 -g1 -D_GLIBCXX_ASSERTIONS -fsanitize=thread" CACHE STRING "")
set(CMAKE_COMPILE_WARNING_AS_ERROR ON CACHE BOOL "")
