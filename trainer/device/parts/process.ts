/** What the process writes besides feedback: set point, manual override, sensor fault. */

import { Coils, Registers } from '../../contract/contract.generated';
import type { Text } from '../../text';
import type { TrainerConnection } from '../connection';
import { outcomeRegister } from '../features';
import { task } from '../task';

export class ProcessPart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  /** Set point or limit of the feedback rule, engineering units. A change discards the outcomes that are waiting. */
  setPoint(value: number): Promise<void> {
    return this.to.definition.run((definition) =>
      this.to.access.write(Registers.setPoint.address, [outcomeRegister(definition, value)], {
        doing: task('setPointWrite'),
        priority: 'control',
      }),
    );
  }

  /** Set point or limit in force, engineering units; undefined for the rule "label". */
  readSetPoint(): Promise<number | undefined> {
    return this.to.definition.run(async ({ feedback }) => {
      if (feedback.rule === 'label') return undefined;
      const how = { doing: task('setPointRead') };
      const window = await this.to.access.read(Registers.setPoint.address, 1, how);
      return window.number('setPoint') / feedback.scale;
    });
  }

  /** The same as it was at the last verdict; undefined before. */
  get lastSetPoint(): number | undefined {
    const { loop, definition } = this.to;
    const feedback = definition.current?.feedback;
    if (feedback === undefined || feedback.rule === 'label' || loop.setPoint === undefined) return undefined;
    return loop.setPoint / feedback.scale;
  }

  /** While somebody else drives the actuator, outcomes are discarded and counted. */
  setManualOverride(on: boolean): Promise<void> {
    return this.coil(Coils.manualOverride, on, task('manualOverride'));
  }

  /** While the sensors cannot be trusted, outcomes are discarded and counted. */
  setSensorFault(on: boolean): Promise<void> {
    return this.coil(Coils.sensorFault, on, task('sensorFault'));
  }

  private coil(address: number, on: boolean, doing: Text): Promise<void> {
    return this.to.access.writeCoil(address, on, { doing, priority: 'control' });
  }
}
