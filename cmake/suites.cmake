# The tests that are not C++: the checks of the source tree, and the suites that drive the real program.
# tests/<suite>/*.test.mjs are found by themselves; they reach the program through the variable CLEW.
find_program(NODE node REQUIRED)

foreach(check format layers sources counters documents)
  add_test(NAME check_${check} COMMAND ${NODE} checks/${check}.mjs WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endforeach()

file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/tests/*.test.mjs)
list(FILTER files EXCLUDE REGEX "node_modules/")
set(suites)
foreach(file IN LISTS files)
  string(REGEX REPLACE "/.*" "" suite ${file})
  list(APPEND suites ${suite})
endforeach()
list(REMOVE_DUPLICATES suites)
foreach(suite IN LISTS suites)
  add_test(NAME ${suite} COMMAND ${CMAKE_SOURCE_DIR}/checks/run-suite.sh ${suite} ${CMAKE_BINARY_DIR}/results/${suite}.tap
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  # One at a time: each starts servers and measures time.
  set_tests_properties(${suite} PROPERTIES TIMEOUT 900 RESOURCE_LOCK program
                       ENVIRONMENT "CLEW=${CMAKE_BINARY_DIR}/clew")
endforeach()
