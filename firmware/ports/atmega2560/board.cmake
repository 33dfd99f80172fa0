# The solver alone: see ports/avr/main.c.
set(ET_CORE -mmcu=atmega2560 -mcall-prologues)
set(ET_OPTIMISE -Os)
set(ET_EXTENSIONS ON)
set(ET_PORT_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../avr/main.c)
set(ET_PORT_DEFINES F_CPU=16000000UL)
set(MODELS ${CMAKE_CURRENT_SOURCE_DIR}/src/models)
file(GLOB ET_LIBRARY_SOURCES CONFIGURE_DEPENDS ${MODELS}/svm/linear*.c)
list(APPEND ET_LIBRARY_SOURCES ${MODELS}/svm/common.c ${MODELS}/svm/scale.c ${MODELS}/kernels/dot.c)
