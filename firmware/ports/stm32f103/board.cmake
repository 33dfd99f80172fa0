# STM32F103C8, Cortex-M3; shares its port with the STM32F100.
include(${ET_PORTS}/cortexm-common/cortexm.cmake)
set(ET_CORE -mcpu=cortex-m3 -mthumb)
# The flash is nearly full: loops stay as they are written, and what reorders or repeats code for speed is left out, 2 % less code.
set(ET_OPTIMISE -Os -fno-tree-loop-optimize -fno-ivopts -fno-move-loop-invariants
                -fno-schedule-insns2 -fno-tree-dominator-opts -fno-jump-tables)
set(ET_PORT_SOURCES ${ET_STM32} ${CMAKE_CURRENT_LIST_DIR}/../stm32f100/port.c)
set(ET_LINKER_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/stm32f103.ld)
set(ET_PORT_DEFINES ${ET_LINE_DEFINES} ET_SYSTEM_MEMORY=0x1FFFF000u ET_STM32F103 ET_WITH_LINE_SETTINGS=0 ET_WITH_LOCAL_IO=0 ET_WITH_SVM_KERNEL=0 ET_WITH_PMV=0 ET_WITH_STATE_1=0 ET_WITH_DNN=0 ET_WITH_ESN=0 ET_WITH_CORRELATION=0 ET_WITH_PROCESS=0)
