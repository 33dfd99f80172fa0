/* QEMU's machine virt (docs/system/riscv/virt.rst and the device tree it makes): addresses of what this port uses. */
#ifndef ET_RISCV32_H
#define ET_RISCV32_H

#include "edge_trainer/port.h"

#define ET_REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define ET_BYTE_REGISTER(address) (*(volatile uint8_t *)(uintptr_t)(address))

/* The store: the machine's second flash bank. */
extern const et_nvm et_riscv32_flash;

#endif
