# cmake -D COMPILER=… -D FAULT=… -D SENTENCE=… -D ROOT=… -P first_error.cmake: the first error names
# the author's file and says the sentence; no fault, no error.
execute_process(
  COMMAND ${COMPILER} -std=c++20 -fsyntax-only -DFAULT_${FAULT} -I${ROOT}/sdk/include
    -I${ROOT}/plugin-abi/include ${CMAKE_CURRENT_LIST_DIR}/plugin.cpp
  RESULT_VARIABLE result ERROR_VARIABLE said)
string(REGEX MATCH "[^\n]*error:[^\n]*" first "${said}")
if(SENTENCE STREQUAL "")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${said}")
  endif()
else()
  string(FIND "${first}" "${SENTENCE}" at)
  if(at EQUAL -1 OR NOT first MATCHES "plugin\\.cpp:")
    message(FATAL_ERROR "first error: ${first}\n\n${said}")
  endif()
endif()
