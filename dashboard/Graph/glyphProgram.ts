import { NodeProgram } from "sigma/rendering";
import type { ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

/** What a node carries for this program besides sigma's own. */
export interface GlyphData {
  glyph: number;
  /** Seconds on the clock of GlyphClock; expires 0 draws no arc. */
  proven: number;
  expires: number;
  dim: boolean;
  selected: boolean;
  /** The operator put it where it is. */
  pinned: boolean;
  /** 0 quoted by a TPM, 1 a key in hardware, 2 vouched for by a guardian, 3 software: the arc is whole, in dashes, in long dashes, in dots. */
  tier: number;
}

/** The moment that is drawn, shared by all programs of the page: an arc shrinks by drawing again, not by sending data again. */
export const glyphClock = { now: 0, background: [1, 1, 1] as [number, number, number], ink: [0, 0, 0] as [number, number, number] };

const vertexShader = /* glsl */ `
attribute vec2 a_position;
attribute float a_size;
attribute vec4 a_color;
attribute vec4 a_id;
attribute float a_glyph;
attribute vec2 a_time;
attribute float a_flags;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
uniform mat3 u_matrix;
varying vec4 v_color;
varying float v_pixels;
varying float v_glyph;
varying vec2 v_time;
varying float v_flags;
const float bias = 255.0 / 254.0;
void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  // The glyph fills the inner 0.625; outside it are the arc and the halo of a selection.
  gl_PointSize = a_size / u_sizeRatio * u_pixelRatio * 2.0 * 1.6;
  v_pixels = gl_PointSize;
  v_glyph = a_glyph;
  v_time = a_time;
  v_flags = a_flags;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}`;

// Distance fields, one per glyph number of model.ts; the same shapes as Controls/Glyph.razor.
const fragmentShader = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying float v_pixels;
varying float v_glyph;
varying vec2 v_time;
varying float v_flags;
uniform float u_now;
uniform vec3 u_background;
uniform vec3 u_ink;

float box(vec2 p, vec2 b) { vec2 d = abs(p) - b; return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0); }
float triangle(vec2 p, float r) {
  const float k = 1.7320508;
  p.x = abs(p.x) - r; p.y = -p.y + r / k;
  if (p.x + k * p.y > 0.0) p = vec2(p.x - k * p.y, -k * p.x - p.y) / 2.0;
  p.x -= clamp(p.x, -2.0 * r, 0.0);
  return -length(p) * sign(p.y);
}
float hexagon(vec2 p, float r) { p = abs(p.yx); return max(dot(p, vec2(0.8660254, 0.5)), p.y) - r; }

float shape(vec2 p, float r) {
  float len = length(p);
  if (v_glyph < 0.5) return len - r * 0.88;
  if (v_glyph < 1.5) {
    vec2 q = p - vec2(0.0, r * 0.12);
    float mark = min(box(q - vec2(0.0, -r * 0.12), vec2(r * 0.11, r * 0.3)), length(q - vec2(0.0, r * 0.4)) - r * 0.13);
    return max(triangle(q, r * 0.98), -mark);
  }
  if (v_glyph < 2.5) {
    vec2 q = vec2(p.x + p.y, p.x - p.y) * 0.70710678;
    return min(box(q, vec2(r * 1.1, r * 0.27)), box(q, vec2(r * 0.27, r * 1.1)));
  }
  if (v_glyph < 3.5) return abs(len - r * 0.76) - r * 0.18;
  if (v_glyph < 4.5) return abs(box(p, vec2(r * 0.66))) - r * 0.16;
  if (v_glyph < 5.5) return min(max(abs(len - r * 0.82) - r * 0.16, -cos(4.0 * atan(p.y, p.x)) * len * 0.5), len - r * 0.32);
  if (v_glyph < 6.5) return max(len - r * 0.92, -box(vec2(abs(p.x) - r * 0.28, p.y), vec2(r * 0.14, r * 0.46)));
  if (v_glyph < 7.5) return max((abs(p.x) + abs(p.y) - r * 1.08) * 0.70710678, -box(p, vec2(r * 0.56, r * 0.15)));
  return min(abs(hexagon(p, r * 0.84)) - r * 0.13, len - r * 0.36);
}

void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  float len = length(p);
  #ifdef PICKING_MODE
  if (len > 0.8) discard;
  gl_FragColor = v_color;
  #else
  float aa = 2.0 / v_pixels;
  bool small = v_pixels < 14.0;
  float radius = small ? 0.92 : 0.62;
  float ink = 1.0 - smoothstep(-aa, aa, shape(p, radius));
  // A patch of background keeps edges from running through open shapes.
  float patch_ = 1.0 - smoothstep(-aa, aa, len - radius * 1.02);
  vec4 color = vec4(u_background * patch_, patch_);
  color = mix(color, vec4(v_color.rgb, 1.0), ink);
  bool dim = mod(v_flags, 2.0) > 0.5;
  bool selected = mod(floor(v_flags / 2.0), 2.0) > 0.5;
  float tier = mod(floor(v_flags / 4.0), 4.0);
  if (!small && v_time.y > 0.0) {
    float left = clamp((v_time.y - u_now) / max(1.0, v_time.y - v_time.x), 0.0, 1.0);
    float turn = fract(atan(p.x, -p.y) / 6.2831853);
    float ring = 1.0 - smoothstep(-aa, aa, abs(len - 0.79) - 0.055);
    // Tiers are never blended: how the proof is rooted shows in the arc itself.
    float dashes = tier < 0.5 ? 0.0 : tier < 1.5 ? 9.0 : tier < 2.5 ? 4.0 : 16.0;
    if (dashes > 0.0 && fract(turn * dashes) > (tier < 2.5 ? 0.68 : 0.5)) ring = 0.0;
    color += vec4(v_color.rgb, 1.0) * ring * (turn < left ? 0.95 : 0.2) * (1.0 - color.a);
  }
  if (selected) {
    float halo = 1.0 - smoothstep(-aa, aa, abs(len - 0.93) - 0.06);
    color = mix(color, vec4(v_color.rgb, 1.0), halo);
  }
  if (v_flags > 15.5) {
    // A tack, stuck in from the upper right.
    vec2 q = p - vec2(0.76, -0.76), point = vec2(-0.34, 0.34);
    float tack = min(length(q) - 0.15, length(q - point * clamp(dot(q, point) / dot(point, point), 0.0, 1.0)) - 0.05);
    color = mix(color, vec4(u_background, 1.0), 1.0 - smoothstep(-aa, aa, tack - 0.06));
    color = mix(color, vec4(u_ink, 1.0), 1.0 - smoothstep(-aa, aa, tack));
  }
  gl_FragColor = color * (dim ? 0.14 : 1.0);
  #endif
}`;

const uniforms = ["u_sizeRatio", "u_pixelRatio", "u_matrix", "u_now", "u_background", "u_ink"] as const;

/** Draws a device by the shape of its look and an arc for the time its proof still counts. */
export class GlyphProgram extends NodeProgram<(typeof uniforms)[number]> {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, POINTS } = WebGL2RenderingContext;
    return {
      VERTICES: 1,
      VERTEX_SHADER_SOURCE: vertexShader,
      FRAGMENT_SHADER_SOURCE: fragmentShader,
      METHOD: POINTS,
      UNIFORMS: uniforms,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_glyph", size: 1, type: FLOAT },
        { name: "a_time", size: 2, type: FLOAT },
        { name: "a_flags", size: 1, type: FLOAT },
      ],
    } as const satisfies object as never;
  }

  override processVisibleItem(nodeIndex: number, start: number, data: NodeDisplayData): void {
    const { glyph, proven, expires, dim, selected, pinned, tier } = data as NodeDisplayData & GlyphData;
    const array = this.array;
    array[start] = data.x;
    array[start + 1] = data.y;
    array[start + 2] = data.size;
    array[start + 3] = floatColor(data.color);
    array[start + 4] = nodeIndex;
    array[start + 5] = glyph;
    array[start + 6] = proven;
    array[start + 7] = expires;
    array[start + 8] = (dim ? 1 : 0) + (selected ? 2 : 0) + tier * 4 + (pinned ? 16 : 0);
  }

  override setUniforms({ sizeRatio, pixelRatio, matrix }: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniform1f(uniformLocations.u_sizeRatio ?? null, sizeRatio);
    gl.uniform1f(uniformLocations.u_pixelRatio ?? null, pixelRatio);
    gl.uniformMatrix3fv(uniformLocations.u_matrix ?? null, false, matrix);
    gl.uniform1f(uniformLocations.u_now ?? null, glyphClock.now);
    gl.uniform3fv(uniformLocations.u_background ?? null, glyphClock.background);
    gl.uniform3fv(uniformLocations.u_ink ?? null, glyphClock.ink);
  }
}
