/** Radiation on a vertical window. Duffie and Beckman, "Solar Engineering of Thermal Processes", chapters 1 and 2. */
import type { WeatherSample } from './weather';

/** Chicago O'Hare, degrees, and the meridian of its standard time. */
const LATITUDE = 41.98;
const LONGITUDE_WEST = 87.92;
const ZONE_MERIDIAN_WEST = 90;
const GROUND_REFLECTANCE = 0.2;
const RADIANS = Math.PI / 180;

/** W/m² on a window that faces `azimuth` degrees west of south. `hours` since 1 January 0:00 standard time. */
export function windowIrradiance(weather: WeatherSample, hours: number, azimuth = 0): number {
  const day = Math.floor(hours / 24) + 1;
  const declination = 23.45 * RADIANS * Math.sin((2 * Math.PI * (284 + day)) / 365);
  const b = ((day - 1) * 2 * Math.PI) / 365;
  const equationOfTime =
    229.2 *
    (0.000075 +
      0.001868 * Math.cos(b) -
      0.032077 * Math.sin(b) -
      0.014615 * Math.cos(2 * b) -
      0.04089 * Math.sin(2 * b));
  const solarMinutes = (hours % 24) * 60 + 4 * (ZONE_MERIDIAN_WEST - LONGITUDE_WEST) + equationOfTime;
  const hourAngle = (solarMinutes / 60 - 12) * 15 * RADIANS;
  const latitude = LATITUDE * RADIANS;
  const sinAltitude =
    Math.sin(latitude) * Math.sin(declination) +
    Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  const facing = azimuth * RADIANS;
  /* Angle of incidence on a vertical surface. */
  const incidence =
    -Math.sin(declination) * Math.cos(latitude) * Math.cos(facing) +
    Math.cos(declination) * Math.sin(latitude) * Math.cos(facing) * Math.cos(hourAngle) +
    Math.cos(declination) * Math.sin(facing) * Math.sin(hourAngle);
  const direct = sinAltitude > 0 ? weather.directNormal * Math.max(0, incidence) : 0;
  /* Isotropic sky (Liu and Jordan 1963): a vertical surface sees half of the sky and half of the ground. */
  return direct + 0.5 * weather.diffuseHorizontal + 0.5 * GROUND_REFLECTANCE * weather.globalHorizontal;
}
