# Third-party libraries. tools/setup.sh installs them; nothing is downloaded while configuring.

find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(GTest REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
find_package(CURL REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
find_package(rapidcheck QUIET)

# DuckDB's library and header come from different packages (tools/fetch_duckdb.sh); only the C interface is used.
set(duckdb_dist ${CMAKE_SOURCE_DIR}/third_party/duckdb/dist)
if(NOT EXISTS ${duckdb_dist}/lib/libduckdb.so)
  message(FATAL_ERROR "DuckDB is missing: run tools/setup.sh (or `make setup`) first")
endif()
add_library(leeway_duckdb SHARED IMPORTED)
set_target_properties(leeway_duckdb PROPERTIES
  IMPORTED_LOCATION ${duckdb_dist}/lib/libduckdb.so
  IMPORTED_SONAME libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES ${duckdb_dist}/include)

# XGBoost's package file asks for a program of another package; only its C interface is used.
find_path(xgboost_include xgboost/c_api.h REQUIRED)
find_library(xgboost_library xgboost REQUIRED)
add_library(leeway_xgboost SHARED IMPORTED)
set_target_properties(leeway_xgboost PROPERTIES
  IMPORTED_LOCATION ${xgboost_library}
  INTERFACE_INCLUDE_DIRECTORIES ${xgboost_include})
