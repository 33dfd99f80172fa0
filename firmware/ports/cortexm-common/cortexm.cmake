# What ports to Cortex-M share: start-up, main loop, serial queue; ET_STM32 adds the STM32's serial port and clock.
set(ET_COMMON ${CMAKE_CURRENT_LIST_DIR})
set(ET_CORTEX_M ${ET_COMMON}/main.c ${ET_COMMON}/startup.c ${ET_COMMON}/serial_queue.c)
set(ET_STM32 ${ET_CORTEX_M} ${ET_COMMON}/systick_clock.c ${ET_COMMON}/stm32_usart.c)
