/**
 * Colours as people with a colour-vision deficiency see them, and how far apart two colours are. Simulation: Machado,
 * Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (6),
 * 2009, the matrices of severity 1.0, which apply to linear RGB. Distance: Euclidean in OKLab (Björn Ottosson, 2020),
 * times 100; about 2 is what people just notice side by side.
 */
import type { Rgb } from '../render/colours.ts'

type Matrix = readonly (readonly [number, number, number])[]

export const VISIONS: Readonly<Record<string, Matrix>> = {
  'normal vision': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

export const linear = (channel: number): number => {
  const c = channel / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}

const times = (matrix: Matrix, [x, y, z]: readonly number[]): number[] =>
  matrix.map(([a, b, c]) => a * x! + b * y! + c * z!)

const TO_LMS: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
]
const TO_LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
]

/** The colour's place in OKLab, as seen with this vision. */
function seen(rgb: Rgb, vision: Matrix): number[] {
  const light = times(vision, rgb.map(linear)).map(v => Math.min(1, Math.max(0, v)))
  return times(TO_LAB, times(TO_LMS, light).map(Math.cbrt))
}

/** How far apart two colours are with this vision: 0 for the same, 100 from black to white. */
export function difference(a: Rgb, b: Rgb, vision: Matrix): number {
  const [x, y] = [seen(a, vision), seen(b, vision)]
  return 100 * Math.hypot(...x.map((v, i) => v - y[i]!))
}

/** Relative luminance as WCAG 2.2 has it. */
export const luminance = (rgb: Rgb): number =>
  0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])

/** Contrast ratio as WCAG 2.2 has it, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
