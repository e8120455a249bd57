# Compiler switches, the compiler cache and the linker.

# -ffp-contract=off: a fused multiply-add rounds once where two operations round twice, so the same numbers would come
# out different on machines with and without the instruction. Designated initialisers leave members at their defaults on
# purpose.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers -ffp-contract=off)
if(LEEWAY_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees dangling or uninitialised members in optimised std::variant and std::expected where there are none.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(LEEWAY_SANITIZE)
  add_compile_options(-fsanitize=${LEEWAY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LEEWAY_SANITIZE})
endif()
# -fPIC everywhere, programs too: one precompiled header serves both.
add_compile_options(-fPIC -fstack-protector-strong)
add_link_options(-Wl,-z,relro,-z,now)

find_program(LEEWAY_CCACHE ccache)
if(LEEWAY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Sloppiness: precompiled headers carry times that would make every look-up a miss.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 ${LEEWAY_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()
find_program(LEEWAY_MOLD mold)
if(LEEWAY_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
