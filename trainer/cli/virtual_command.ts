/** `virtual`: a trainer without hardware for any Modbus master, on a TCP port or a pseudo-terminal, until it is stopped. */
import { type Command, Option } from 'commander';
import { ServerEndedError, servePty, serveTcp, VirtualTrainer } from '../virtual';
import { type HostAndPort, parseHostAndPort, parseInteger, UsageError } from './connection';

interface VirtualOptions {
  readonly tcp?: HostAndPort;
  readonly pty?: boolean;
  readonly link?: string;
  readonly unit?: number;
  readonly memory?: string;
  readonly arena?: number;
  readonly serial?: number;
}

/** Something that runs until it is closed. */
interface Served {
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const WHY_NO_SERVER: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has this port; choose another one, such as --tcp 127.0.0.1:0 for any free one',
  EADDRNOTAVAIL:
    'this computer does not have this address; 127.0.0.1 is itself, 0.0.0.0 all of its addresses',
  ENOTFOUND: 'nobody knows this name; 127.0.0.1 is this computer, 0.0.0.0 all of its addresses',
  EACCES: 'no permission for this port; ports from 1024 on need none',
};

const ARENA_MOST = 2 ** 28;

/** Resolves on Ctrl-C or when the process receives SIGTERM. */
function stopped(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(undefined));
  });
}

async function serve(options: VirtualOptions): Promise<void> {
  if (options.tcp === undefined && options.pty !== true)
    throw new UsageError('say where to put it: --tcp HOST:PORT or --pty');
  const trainer = await VirtualTrainer.start({
    ...(options.unit === undefined ? {} : { unit: options.unit }),
    ...(options.memory === undefined ? {} : { nvmFile: options.memory }),
    ...(options.arena === undefined ? {} : { arenaBytes: options.arena }),
    ...(options.serial === undefined ? {} : { serialNumber: options.serial }),
  });
  const served: Served[] = [];
  const failures: Promise<Error | undefined>[] = [trainer.ended];
  const keep = (server: Served, address: string): void => {
    served.push(server);
    // The trainer's own end takes its servers along and is the better reason.
    failures.push(server.ended.then(() => new ServerEndedError(address)));
  };
  try {
    const [board] = await trainer.boards();
    const unit = `virtual trainer, unit ${board?.unit ?? options.unit ?? 1}`;
    if (options.tcp !== undefined) {
      const { host, port } = options.tcp;
      const server = await serveTcp(trainer, options.tcp).catch((error: NodeJS.ErrnoException) => {
        throw new Error(`${host}:${port}: ${WHY_NO_SERVER[error.code ?? ''] ?? error.message}`);
      });
      keep(server, `${server.host}:${server.port}`);
      console.log(`${unit}: Modbus TCP on ${server.host}:${server.port}`);
    }
    if (options.pty === true) {
      const server = await servePty(trainer, options.link === undefined ? {} : { link: options.link });
      keep(server, server.path);
      console.log(`${unit}: Modbus RTU on ${server.path}, any baud rate`);
    }
    const failure = await Promise.race([stopped(), ...failures]);
    if (failure !== undefined) throw failure;
  } finally {
    for (const server of served) await server.close();
    await trainer.close();
  }
}

export function virtualCommand(root: Command): void {
  root
    .command('virtual')
    .description('run a trainer without hardware, for any Modbus master, until Ctrl-C')
    .addOption(
      new Option('--tcp <host:port>', 'Modbus TCP server; port 0 = any free one').argParser(parseHostAndPort),
    )
    .option('--pty', 'Modbus RTU on a pseudo-terminal')
    .option('--link <path>', 'name for the pseudo-terminal')
    .addOption(
      new Option('--unit <id>', 'Modbus unit id; default: the one in its memory, else 1').argParser(
        parseInteger(1, 247),
      ),
    )
    .option('--memory <file>', 'file for its non-volatile memory')
    .addOption(
      new Option('--arena <bytes>', 'memory for the definition').argParser(parseInteger(64, ARENA_MOST)),
    )
    .addOption(new Option('--serial <number>', 'serial number').argParser(parseInteger(0, 4_294_967_295)))
    .action(serve);
}
