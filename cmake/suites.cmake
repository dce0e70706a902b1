# The tests that are not C++: the checks of the source tree, and the suites that drive the real program.
# The files tests/<suite>/*.test.js and *.test.mjs are found by themselves; the variable CLEW_BINARY names the program.
find_program(NODE node REQUIRED)

foreach(check format layers sources counters documents)
  add_test(NAME check_${check} COMMAND ${NODE} checks/${check}.mjs WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endforeach()

file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/tests/*.test.mjs
     ${CMAKE_SOURCE_DIR}/tests/*.test.js)
list(FILTER files EXCLUDE REGEX "node_modules/")
set(suites)
foreach(file IN LISTS files)
  string(REGEX REPLACE "/.*" "" suite ${file})
  list(APPEND suites ${suite})
endforeach()
list(REMOVE_DUPLICATES suites)
foreach(suite IN LISTS suites)
  add_test(NAME ${suite} COMMAND checks/run-suite.sh ${suite} ${CMAKE_BINARY_DIR}/results/${suite}.tap
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  # Alone: each starts servers and waits for things to happen, beside the sanitizers' tests sometimes in vain.
  set_tests_properties(${suite} PROPERTIES TIMEOUT 900 RUN_SERIAL TRUE
                       ENVIRONMENT "CLEW_BINARY=${CMAKE_BINARY_DIR}/clew")
endforeach()

# The logic of the page, and its types.
if(EXISTS ${CMAKE_SOURCE_DIR}/ui/test.mjs)
  add_test(NAME page COMMAND ${NODE} test.mjs --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap
           --test-reporter-destination=${CMAKE_BINARY_DIR}/results/page.tap WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/ui)
  add_test(NAME page_types COMMAND node_modules/.bin/tsc --noEmit WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/ui)
  set_tests_properties(page page_types PROPERTIES TIMEOUT 300)
endif()
