# cmake -D FAUST=… -D DSP=x.dsp -D CLASS=x.hpp -D DEPFILE=x.d -P jig_faust.cmake
#
# Has faust write a program's class, says how many voices the program declares (0: it is an effect),
# and on which files the class depends: the program and all that it imports.
execute_process(
  COMMAND ${FAUST} -lang cpp -nvi -flist -a ${CMAKE_CURRENT_LIST_DIR}/jig_faust_class.hpp.in
    -o ${CLASS} ${DSP}
  OUTPUT_VARIABLE listed ERROR_VARIABLE errors RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message("${errors}")
  message(FATAL_ERROR "faust refuses ${DSP}")
endif()

file(READ ${CLASS} class)
set(voices 0)
if(class MATCHES "declare\\(\"(nvoices\", \"|options\", \"[^\n]*\\[nvoices:)([0-9]+)")
  set(voices ${CMAKE_MATCH_2})
endif()
file(APPEND ${CLASS} "#define JIG_FAUST_VOICES ${voices}\n")

string(REGEX MATCHALL "\n/[^\n]+" files "${listed}")
list(TRANSFORM files STRIP)
list(TRANSFORM files REPLACE " " "\\\\ ")
string(REPLACE " " "\\ " target "${CLASS}")
list(JOIN files " \\\n  " files)
file(WRITE ${DEPFILE} "${target}: ${files}\n")
