# ATmega2560 (Arduino Mega 2560): the whole trainer with the linear SVM.
include(${ET_PORTS}/common/common.cmake)
set(ET_CORE -mmcu=atmega2560 -mcall-prologues)
set(ET_OPTIMISE -Os)
set(ET_EXTENSIONS ON)
# The C library's own linker script, and behind it what memory.ld says: no common/memory.c.
set(ET_PORT_SOURCES ${ET_COMMON}/main.c ${ET_COMMON}/serial_queue.c ${ET_COMMON}/line.c ${CMAKE_CURRENT_LIST_DIR}/port.c ${CMAKE_CURRENT_LIST_DIR}/memory.c)
set(ET_PORT_DEFINES ${ET_LINE_DEFINES} F_CPU=16000000UL ET_RECEIVE_RING=256u ET_WITH_LOCAL_IO=0 ET_WITH_SVM_KERNEL=0 ET_WITH_PMV=0 ET_WITH_STATE_1=0 ET_WITH_ESN=0 ET_WITH_DNN=0
  ET_WITH_CORRELATION=0 ET_WITH_PROCESS=0 ET_BUILD_LOG_RECORDS=8)
set(ET_LINK_OPTIONS ${CMAKE_CURRENT_LIST_DIR}/memory.ld)
