# What the ports share, whatever their core: main loop, serial queue, memory; their linker scripts include sections.ld.
set(ET_COMMON ${CMAKE_CURRENT_LIST_DIR})
set(ET_COMMON_SOURCES ${ET_COMMON}/main.c ${ET_COMMON}/serial_queue.c ${ET_COMMON}/line.c ${ET_COMMON}/memory.c)
set(ET_LINE_BAUD 115200 CACHE STRING "rate of the serial line until a master sets another one")
set(ET_LINE_PARITY NONE CACHE STRING "its parity: NONE, EVEN or ODD")
set(ET_LINE_STOP_BITS 1 CACHE STRING "its stop bits: 1 or 2")
set(ET_LINE_DEFINES ET_LINE_BAUD=${ET_LINE_BAUD} ET_LINE_PARITY=${ET_LINE_PARITY} ET_LINE_STOP_BITS=${ET_LINE_STOP_BITS})
