/* Into the boot loader that an STM32 has in its ROM (AN2606, AN3155). ET_SYSTEM_MEMORY says where that lies. */
#ifndef ET_STM32_BOOT_LOADER_H
#define ET_STM32_BOOT_LOADER_H

/* et_port.boot_loader: restarts the chip, and goes on there. Does not come back. */
void et_stm32_boot_loader(void *user);

#endif
