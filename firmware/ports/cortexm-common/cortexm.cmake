# What ports to Cortex-M share: start-up; ET_STM32 adds the STM32's serial port and clock.
include(${ET_PORTS}/common/common.cmake)
set(ET_SPECS nano.specs)
set(ET_CORTEX_M ${ET_COMMON_SOURCES} ${CMAKE_CURRENT_LIST_DIR}/startup.c)
set(ET_STM32 ${ET_CORTEX_M} ${CMAKE_CURRENT_LIST_DIR}/systick_clock.c ${CMAKE_CURRENT_LIST_DIR}/stm32_usart.c
             ${CMAKE_CURRENT_LIST_DIR}/stm32_boot_loader.c)
