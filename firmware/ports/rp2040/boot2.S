@ Second stage boot: the boot ROM copies these 256 bytes to the top of SRAM, checks their CRC-32 (added by
@ image.mjs) and calls them (RP2040 datasheet 2.8.1.3.1). They make the flash readable at 0x10000000 and start the
@ firmware behind them. Plain serial reads (command 03h): slow, but every flash chip understands them, and 16 kB of cache stand
@ in front. Register fields: datasheet 4.10.13.
        .syntax unified
        .cpu cortex-m0plus
        .thumb
        .section .boot2, "ax"
        .global boot2
        .thumb_func
boot2:
        ldr     r3, =0x18000000         @ SSI
        movs    r0, #0
        str     r0, [r3, #0x08]         @ SSIENR: off while it is set up
        movs    r0, #4
        str     r0, [r3, #0x14]         @ BAUDR: core clock / 4, at most 33 MHz
        ldr     r0, =(31 << 16 | 3 << 8) @ CTRLR0: 32-bit frames, EEPROM read, one data line
        str     r0, [r3, #0x00]
        movs    r0, #0
        str     r0, [r3, #0x04]         @ CTRLR1: one frame
        ldr     r0, =(0x03 << 24 | 2 << 8 | 6 << 2) @ SPI_CTRLR0: command 03h of 8 bits, 24 address bits
        ldr     r1, =0x180000f4
        str     r0, [r1]
        movs    r0, #1
        str     r0, [r3, #0x08]         @ SSIENR: on
        ldr     r0, =0x10000100         @ the firmware's vectors
        ldr     r1, =0xe000ed08         @ VTOR
        str     r0, [r1]
        ldmia   r0, {r0, r1}
        msr     msp, r0
        bx      r1
        .pool
