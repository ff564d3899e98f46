# cmake -D PRESET=… -D TARGET=… -D TESTS=… -P sanitized.cmake: builds one preset's target and runs the
# unit tests whose names match.
cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
foreach(step
    "${CMAKE_COMMAND};--preset;${PRESET}"
    "${CMAKE_COMMAND};--build;build/${PRESET};--target;${TARGET}"
    "${CMAKE_CTEST_COMMAND};--test-dir;build/${PRESET};-L;^unit$;-R;${TESTS};-LE;^long$;-j${processors};--timeout;300;--output-on-failure")
  execute_process(COMMAND ${step} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${PRESET}: ${step} ended with ${result}")
  endif()
endforeach()
