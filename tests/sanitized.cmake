# cmake -D PRESET=asan|tsan -P sanitized.cmake: builds and runs the unit tests of one preset.
cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
foreach(step
    "${CMAKE_COMMAND};--preset;${PRESET}"
    "${CMAKE_COMMAND};--build;build/${PRESET};--target;jig_unit_tests"
    "${CMAKE_CTEST_COMMAND};--test-dir;build/${PRESET};-L;^unit$;-LE;^long$;-j${processors};--timeout;300;--output-on-failure")
  execute_process(COMMAND ${step} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${PRESET}: ${step} ended with ${result}")
  endif()
endforeach()
