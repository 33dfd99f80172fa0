/** Everything that runs the firmware: the virtual trainer, emulated boards behind a real serial port, a Pico in this process. */
import { type BusHandle, type BusOptions, openBus } from '../../trainer/bus';
import { Trainer } from '../../trainer/device';
import { emulatorWire, QEMU_MACHINES, QemuBoard } from '../../trainer/emulator';
import { firmwarePlanner, virtualWire } from '../../trainer/virtual';

export interface Peer {
  readonly name: string;
  /** In firmware/ports/<board>/board.json. */
  readonly key: string;
  /** What the board calls itself. */
  readonly board: string;
  readonly hasStore: boolean;
  /** Program it needs; undefined = none. */
  readonly tool?: string;
  open(): Promise<OpenPeer>;
}

export interface OpenPeer {
  readonly trainer: Trainer;
  close(): Promise<void>;
}

const PATIENCE = { responseTimeoutMs: 5000, deadlineMs: 30_000, readRetries: 3 };
/** An emulated AVR beside other work needs seconds for what the chip does in half of one, and writes its EEPROM byte by byte. */
const LONG_PATIENCE = { responseTimeoutMs: 60_000, deadlineMs: 120_000, readRetries: 3 };

async function trainerOn(options: BusOptions, alsoClose?: () => Promise<void>): Promise<OpenPeer> {
  const bus: BusHandle = openBus(options);
  const trainer = new Trainer(bus, { unit: 1, planner: await firmwarePlanner() });
  return {
    trainer,
    close: async () => {
      await bus.close();
      await alsoClose?.();
    },
  };
}

function onSerialPort(board: string, calledItself: string, hasStore: boolean): Peer {
  return {
    name: `${board} in QEMU, on a pseudo-terminal`,
    key: board,
    board: calledItself,
    hasStore,
    tool: QEMU_MACHINES[board]?.program ?? '',
    open: async () => {
      const emulator = await QemuBoard.start({ board, serial: 'pty' });
      // QEMU looks once a second whether somebody has opened its pseudo-terminal.
      const settleMs = 1200;
      return trainerOn({ kind: 'serial', path: emulator.device, settleMs, ...PATIENCE }, () =>
        emulator.close(),
      );
    },
  };
}

export const PEERS: readonly Peer[] = [
  {
    name: 'virtual trainer',
    key: 'virtual',
    board: 'virtual',
    hasStore: true,
    open: () => trainerOn({ ...virtualWire({ unit: 1 }), ...PATIENCE }),
  },
  onSerialPort('stm32f405', 'STM32F405', false),
  onSerialPort('stm32f100', 'STM32F100', false),
  onSerialPort('nrf51', 'nRF51822', true),
  onSerialPort('riscv32', 'RV32IMC', true),
  {
    name: 'rp2040 in rp2040js',
    key: 'rp2040',
    board: 'RP2040',
    hasStore: true,
    open: () => trainerOn({ ...emulatorWire('rp2040js:rp2040'), ...PATIENCE }),
  },
  {
    name: 'atmega2560 in avr8js',
    key: 'atmega2560',
    board: 'ATmega2560',
    hasStore: true,
    open: () => trainerOn({ ...emulatorWire('avr8js:atmega2560'), ...LONG_PATIENCE }),
  },
];
