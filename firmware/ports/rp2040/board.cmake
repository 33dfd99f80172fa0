# RP2040, Cortex-M0+.
include(${ET_PORTS}/cortexm-common/cortexm.cmake)
set(ET_CORE -mcpu=cortex-m0plus -mthumb)
set(ET_OPTIMISE -O2)
set(ET_PORT_SOURCES ${ET_CORTEX_M} ${CMAKE_CURRENT_LIST_DIR}/port.c ${CMAKE_CURRENT_LIST_DIR}/channels.c ${CMAKE_CURRENT_BINARY_DIR}/boot2_image.S)
set(ET_LINKER_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/rp2040.ld)
set(ET_PORT_DEFINES ${ET_LINE_DEFINES} ET_RECEIVE_RING=256u)

# The boot ROM wants a checksum behind the second stage, which therefore is linked on its own first.
find_program(NODE node REQUIRED)
set(IMAGE ${CMAKE_CURRENT_LIST_DIR}/image.mjs)
set(BOOT2 ${CMAKE_CURRENT_LIST_DIR}/boot2)
add_custom_command(OUTPUT boot2_image.S
  COMMAND ${CMAKE_C_COMPILER} -mcpu=cortex-m0plus -mthumb -nostdlib -T${BOOT2}.ld ${BOOT2}.S -o boot2.elf
  COMMAND ${CMAKE_OBJCOPY} -O binary boot2.elf boot2.bin
  COMMAND ${NODE} ${IMAGE} boot2 boot2.bin boot2_image.S
  DEPENDS ${BOOT2}.S ${BOOT2}.ld ${IMAGE})
set(ET_POST_BUILD COMMAND ${NODE} ${IMAGE} uf2 edge-trainer.bin edge-trainer.uf2)
