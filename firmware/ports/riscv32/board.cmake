# RV32IMC: the core of an ESP32-C3, on QEMU's machine virt.
include(${ET_PORTS}/common/common.cmake)
set(ET_CORE -march=rv32imc -mabi=ilp32)
set(ET_OPTIMISE -O2)
set(ET_SPECS picolibc.specs)
set(ET_PORT_SOURCES ${ET_COMMON_SOURCES} ${CMAKE_CURRENT_LIST_DIR}/port.c ${CMAKE_CURRENT_LIST_DIR}/flash.c)
set(ET_LINKER_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/riscv32.ld)
set(ET_PORT_DEFINES ET_WITH_LOCAL_IO=0 ET_RECEIVE_RING=256u)
