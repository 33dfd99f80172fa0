// Generated from firmware/ports/*/board.json and board.cmake by `npm run generate`. Do not edit.

export const boardFacts = [
  {
    "name": "virtual",
    "title": "Virtual trainer (WebAssembly)",
    "core": "WebAssembly",
    "flash": 0,
    "ram": 1048576,
    "arena": 262144,
    "clock": 0,
    "emulator": null,
    "supplyCurrent": null,
    "bootLoader": null,
    "store": null,
    "eraseCycles": 10000000,
    "lacks": [],
    "channels": null
  },
  {
    "name": "stm32f405",
    "title": "STM32F405 (Cortex-M4F)",
    "core": "Cortex-M4F",
    "flash": 1048576,
    "ram": 196608,
    "arena": 120320,
    "clock": 168000000,
    "emulator": "qemu netduinoplus2",
    "supplyCurrent": 87,
    "bootLoader": {
      "title": "UART, in ROM (also USB DFU)",
      "protocol": "stm32",
      "byCommand": true,
      "chips": [
        "0x413"
      ],
      "flashAddress": 134217728,
      "pages": [
        {
          "count": 4,
          "bytes": 16384
        },
        {
          "count": 1,
          "bytes": 65536
        },
        {
          "count": 7,
          "bytes": 131072
        }
      ],
      "sizeAt": 536836642
    },
    "store": {
      "address": 134234112,
      "bytes": 32768
    },
    "eraseCycles": 10000,
    "lacks": [],
    "channels": {
      "inputs": 0,
      "outputs": 0
    }
  },
  {
    "name": "stm32f103",
    "title": "STM32F103C8 (Cortex-M3)",
    "core": "Cortex-M3",
    "flash": 65536,
    "ram": 20480,
    "arena": 15872,
    "clock": 72000000,
    "emulator": null,
    "supplyCurrent": 36,
    "bootLoader": {
      "title": "UART, in ROM",
      "protocol": "stm32",
      "byCommand": true,
      "chips": [
        "0x410"
      ],
      "flashAddress": 134217728,
      "pages": [
        {
          "count": 64,
          "bytes": 1024
        }
      ],
      "sizeAt": 536868832
    },
    "store": {
      "address": 134273024,
      "bytes": 10240
    },
    "eraseCycles": 10000,
    "lacks": [
      "svm-kernel",
      "svm-both",
      "esn",
      "correlation",
      "process",
      "dnn",
      "autoencoder"
    ],
    "channels": {
      "inputs": 0,
      "outputs": 0
    }
  },
  {
    "name": "stm32f100",
    "title": "STM32F100RB (Cortex-M3)",
    "core": "Cortex-M3",
    "flash": 131072,
    "ram": 8192,
    "arena": 5120,
    "clock": 24000000,
    "emulator": "qemu stm32vldiscovery",
    "supplyCurrent": 13,
    "bootLoader": {
      "title": "UART, in ROM",
      "protocol": "stm32",
      "byCommand": true,
      "chips": [
        "0x420"
      ],
      "flashAddress": 134217728,
      "pages": [
        {
          "count": 128,
          "bytes": 1024
        }
      ],
      "sizeAt": 536868832
    },
    "store": {
      "address": 134332416,
      "bytes": 16384
    },
    "eraseCycles": 10000,
    "lacks": [
      "svm-kernel",
      "svm-both",
      "esn",
      "correlation",
      "process",
      "dnn",
      "autoencoder"
    ],
    "channels": {
      "inputs": 0,
      "outputs": 0
    }
  },
  {
    "name": "nrf51",
    "title": "nRF51822 (Cortex-M0)",
    "core": "Cortex-M0",
    "flash": 262144,
    "ram": 16384,
    "arena": 12416,
    "clock": 16000000,
    "emulator": "qemu microbit",
    "supplyCurrent": 4,
    "bootLoader": {
      "title": "USB drive (micro:bit)",
      "protocol": "daplink",
      "chips": [
        "9900",
        "9901"
      ],
      "flashAddress": 0,
      "pages": [
        {
          "count": 256,
          "bytes": 1024
        }
      ]
    },
    "store": {
      "address": 229376,
      "bytes": 32768
    },
    "eraseCycles": 20000,
    "lacks": [
      "esn",
      "correlation",
      "process",
      "dnn",
      "autoencoder"
    ],
    "channels": {
      "inputs": 0,
      "outputs": 0
    }
  },
  {
    "name": "rp2040",
    "title": "RP2040 (Raspberry Pi Pico)",
    "core": "Cortex-M0+",
    "flash": 2097152,
    "ram": 270336,
    "arena": 259072,
    "clock": 125000000,
    "emulator": "rp2040js",
    "supplyCurrent": 25,
    "bootLoader": {
      "title": "USB drive (UF2)",
      "protocol": "uf2",
      "byCommand": true,
      "chips": [
        "RPI-RP2"
      ],
      "flashAddress": 268435456,
      "pages": [
        {
          "count": 512,
          "bytes": 4096
        }
      ],
      "family": 3834380118
    },
    "store": {
      "address": 270270464,
      "bytes": 262144
    },
    "eraseCycles": 100000,
    "lacks": [],
    "channels": {
      "inputs": 5,
      "outputs": 4
    }
  },
  {
    "name": "riscv32",
    "title": "RV32IMC (QEMU virt)",
    "core": "RV32IMC",
    "flash": 4194304,
    "ram": 409600,
    "arena": 393216,
    "clock": 0,
    "emulator": "qemu virt",
    "supplyCurrent": null,
    "bootLoader": null,
    "store": {
      "address": 570425344,
      "bytes": 524288
    },
    "eraseCycles": 100000,
    "lacks": [],
    "channels": {
      "inputs": 0,
      "outputs": 0
    }
  },
  {
    "name": "atmega2560",
    "title": "ATmega2560 (Arduino Mega 2560)",
    "core": "AVR",
    "flash": 262144,
    "ram": 8192,
    "arena": 4608,
    "clock": 16000000,
    "emulator": "avr8js",
    "supplyCurrent": 20,
    "bootLoader": {
      "title": "UART, STK500 version 2",
      "protocol": "stk500v2",
      "chips": [
        "1e9801"
      ],
      "flashAddress": 0,
      "pages": [
        {
          "count": 992,
          "bytes": 256
        }
      ]
    },
    "store": null,
    "eraseCycles": 100000,
    "lacks": [
      "svm-kernel",
      "svm-both",
      "esn",
      "correlation",
      "process",
      "dnn",
      "autoencoder"
    ],
    "channels": {
      "inputs": 0,
      "outputs": 0
    }
  }
] as const;
