/* What the files of the port to WebAssembly share. */
#ifndef ET_PORT_WASM_H
#define ET_PORT_WASM_H

#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name), used)) name

/* The exchange buffer, where the host puts and finds bytes, and its size. */
uint8_t *EXPORT(wasm_exchange)(void);
uint32_t EXPORT(wasm_exchange_bytes)(void);

/* Room for `bytes` at the end of the memory; NULL when the host gives no more. It is never given back. */
uint8_t *EXPORT(wasm_room)(uint32_t bytes);

#endif
