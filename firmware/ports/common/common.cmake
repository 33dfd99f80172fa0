# What the ports share, whatever their core: main loop, serial queue, memory; their linker scripts include sections.ld.
set(ET_COMMON ${CMAKE_CURRENT_LIST_DIR})
set(ET_COMMON_SOURCES ${ET_COMMON}/main.c ${ET_COMMON}/serial_queue.c ${ET_COMMON}/memory.c)
