# Debian 12 has Asio 1.22, Botan 2.19 and Catch2 2.13; Debian 13 has Asio 1.30, Botan 3.7 and Catch2 3.7.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
if(COTORRA_PROGRAM)
  find_package(CLI11 REQUIRED)
endif()

# Debian 12 ships neither a CMake nor a pkg-config file for Asio.
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/asio_impl.cpp CONTENT "#include <asio/impl/src.hpp>\n")
add_library(cotorra_asio STATIC ${PROJECT_BINARY_DIR}/asio_impl.cpp)
add_library(cotorra::asio ALIAS cotorra_asio)
target_include_directories(cotorra_asio SYSTEM PUBLIC $<BUILD_INTERFACE:${ASIO_INCLUDE_DIR}>)
set_target_properties(cotorra_asio PROPERTIES EXPORT_NAME asio POSITION_INDEPENDENT_CODE ON
                      CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
# Asio 1.22 decides by the order of includes whether there is aligned_alloc: decide it here, for all
target_compile_definitions(cotorra_asio PUBLIC ASIO_STANDALONE ASIO_NO_DEPRECATED ASIO_SEPARATE_COMPILATION
                           ASIO_DISABLE_STD_ALIGNED_ALLOC)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_compile_definitions(cotorra_asio PUBLIC ASIO_HAS_CO_AWAIT=1) # Asio 1.22 does not find out by itself
endif()
target_link_libraries(cotorra_asio PUBLIC Threads::Threads)

pkg_search_module(BOTAN REQUIRED IMPORTED_TARGET botan-3 botan-2)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
message(STATUS "Botan ${BOTAN_VERSION}")
