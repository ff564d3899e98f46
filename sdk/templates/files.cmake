# What `dev-server new` writes, relative to templates/: a folder for each kind of project, and what all
# of them have. They are whole projects, of a plugin my_plugin.
set(JIG_TEMPLATE_FILES all/.gitignore c/my_plugin.c faust/my_plugin.dsp)
foreach(kind effect instrument c faust)
  list(APPEND JIG_TEMPLATE_FILES ${kind}/CMakeLists.txt ${kind}/jig.toml ${kind}/my_plugin_test.cpp)
endforeach()
foreach(kind effect instrument)
  list(APPEND JIG_TEMPLATE_FILES ${kind}/my_plugin.cpp)
endforeach()
