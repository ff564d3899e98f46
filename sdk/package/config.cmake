# find_package(jig): the targets jig::sdk and jig::abi, and jig_add_plugin().
include(${CMAKE_CURRENT_LIST_DIR}/jig-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/jig_add_plugin.cmake)
