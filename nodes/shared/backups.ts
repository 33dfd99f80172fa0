/** Where nodes keep the backup of what a board had learned, before something of it is discarded. */
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import type { Backup } from '../../trainer/device';
import { writeBackup } from '../../trainer/session';

/** Writes it into Node-RED's user directory; returns the file's path. */
export function keepBackup(RED: NodeAPI, backup: Backup): Promise<string> {
  return writeBackup(join(RED.settings.userDir ?? '.', 'edge-trainer', 'backups'), backup);
}
