# jig_add_plugin(NAME SOURCES … | FAUST x.dsp [TESTS …] [DEPENDS …])
#
# A plugin library NAME.so that can be rebuilt and swapped while it plays: it exports jig_entry_v1 and
# nothing else, carries a build id, and is moved whole into live/, the folder to point the server at.
# FAUST is a program for the faust compiler; where that is missing there is no target NAME.
# TESTS are GoogleTest sources for one more executable; they find the library's path in
# JIG_PLUGIN_FILE. DEPENDS are libraries to link.
function(jig_add_plugin name)
  cmake_parse_arguments(arg "" "FAUST" "SOURCES;TESTS;DEPENDS" ${ARGN})
  if(NOT (arg_SOURCES OR arg_FAUST) OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "usage: jig_add_plugin(NAME SOURCES … | FAUST x.dsp [TESTS …] [DEPENDS …])")
  endif()
  if(arg_FAUST)
    find_program(JIG_FAUST faust)
    if(NOT JIG_FAUST)
      message(STATUS "${name} is left out: there is no faust")
      return()
    endif()
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE jig::sdk ${arg_DEPENDS})
  if(arg_FAUST)
    jig_plugin_of_faust(${name} ${arg_FAUST})
  endif()
  jig_plugin_properties(${name})

  set(live ${CMAKE_CURRENT_BINARY_DIR}/live)
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E make_directory ${live}
    COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${name}> ${live}/.${name}.so.part
    COMMAND ${CMAKE_COMMAND} -E rename ${live}/.${name}.so.part ${live}/${name}.so
    VERBATIM)

  if(arg_TESTS AND (JIG_TESTS OR NOT DEFINED JIG_TESTS))
    jig_plugin_tests(${name} ${arg_TESTS})
  endif()
endfunction()

# The sources of a plugin in Faust: the class that faust writes, and what makes a plugin of it.
function(jig_plugin_of_faust name dsp)
  set(folder ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  cmake_path(ABSOLUTE_PATH dsp)
  set(class ${CMAKE_CURRENT_BINARY_DIR}/${name}.faust.hpp)
  add_custom_command(OUTPUT ${class}
    COMMAND ${CMAKE_COMMAND} -D FAUST=${JIG_FAUST} -D DSP=${dsp} -D CLASS=${class}
      -D DEPFILE=${class}.d -P ${folder}/jig_faust.cmake
    DEPENDS ${dsp} ${folder}/jig_faust.cmake ${folder}/jig_faust_class.hpp.in
    DEPFILE ${class}.d
    COMMENT "Compiling ${dsp} with faust"
    VERBATIM)
  target_sources(${name} PRIVATE ${class} ${folder}/jig_faust.cpp)
  target_compile_definitions(${name} PRIVATE JIG_FAUST_CLASS="${class}")
endfunction()

# How a plugin must be compiled and linked, whatever it consists of.
function(jig_plugin_properties name)
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  # A unique symbol is shared by all builds that are loaded at a time, and is never unloaded.
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/jig_plugin.map)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${map} -Wl,--build-id -Wl,-z,now)
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${map})
  # A sanitizer's run-time stays undefined until the host brings it.
  if(NOT JIG_SANITIZE AND NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  # At the end of the caller's file, when all options are known; EVAL keeps the name until then.
  cmake_language(EVAL CODE "cmake_language(DEFER CALL jig_refuse_fast_math [[${name}]])")
endfunction()

# At link -ffast-math adds start-up code that changes how the loading thread, the host's, calculates.
# At compile time alone (target_compile_options) it is the author's own affair.
function(jig_refuse_fast_math name)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  get_target_property(options ${name} LINK_OPTIONS)
  set(all "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_C_FLAGS_${type}} ${CMAKE_CXX_FLAGS_${type}}"
    " ${CMAKE_MODULE_LINKER_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS_${type}} ${options}")
  foreach(flag -ffast-math -Ofast -funsafe-math-optimizations)
    if("${all}" MATCHES "${flag}")
      message(FATAL_ERROR "${name}: ${flag} reaches the linker, which changes the floating-point mode "
        "of the host that loads it; pass it by target_compile_options to the sources instead")
    endif()
  endforeach()
endfunction()

function(jig_plugin_tests name)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(test_${name} ${ARGN} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/jig_allocation_watch.cpp)
  target_link_libraries(test_${name} PRIVATE jig::sdk GTest::gtest_main ${CMAKE_DL_LIBS})
  target_compile_definitions(test_${name} PRIVATE JIG_PLUGIN_FILE="$<TARGET_FILE:${name}>")
  add_dependencies(test_${name} ${name})
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}: " DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
