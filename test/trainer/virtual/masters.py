"""Reads and writes a trainer with pymodbus: `masters.py tcp PORT UNIT` or `masters.py rtu PATH UNIT`. Prints one JSON object."""
import json
import sys

from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.mei_message import ReadDeviceInformationRequest
from pymodbus.register_read_message import ReadWriteMultipleRegistersRequest

kind, where, unit = sys.argv[1], sys.argv[2], int(sys.argv[3])
if kind == "tcp":
    client = ModbusTcpClient("127.0.0.1", port=int(where))
else:
    client = ModbusSerialClient(where, baudrate=115200, timeout=2)
assert client.connect(), "no connection"


def good(reply):
    if reply.isError():
        raise SystemExit(f"unexpected: {reply}")
    return reply


found = {
    "version": good(client.read_holding_registers(512, 1, slave=unit)).registers,
    "input": good(client.read_input_registers(512, 1, slave=unit)).registers,
    "coils": good(client.read_coils(0, 6, slave=unit)).bits[:6],
    "inputs": good(client.read_discrete_inputs(0, 8, slave=unit)).bits[:8],
}
good(client.write_coil(3, True, slave=unit))
found["fault coil"] = good(client.read_coils(3, 1, slave=unit)).bits[0]
good(client.write_coils(2, [True, False], slave=unit))
found["written coils"] = good(client.read_coils(2, 2, slave=unit)).bits[:2]
good(client.write_register(151, 77, slave=unit))
found["claim"] = good(client.read_holding_registers(151, 1, slave=unit)).registers
good(client.write_registers(640, [0, 9, 18, 5], slave=unit))
found["command"] = good(client.read_holding_registers(640, 4, slave=unit)).registers
# Not client.readwrite_registers(), which loses the unit id in pymodbus 3.0; nor is it taken as an argument here.
request = ReadWriteMultipleRegistersRequest(
    read_address=646, read_count=2, write_address=642, write_registers=[18, 6]
)
request.unit_id = unit
found["both"] = good(client.execute(request)).registers
found["address"] = client.read_holding_registers(60000, 1, slave=unit).exception_code
found["value"] = client.write_register(145, 99, slave=unit).exception_code
request = ReadDeviceInformationRequest(read_code=1, object_id=0)
request.unit_id = unit
found["vendor"] = good(client.execute(request)).information[0].decode()
client.close()
print(json.dumps(found))
