import { EdgeProgram } from "sigma/rendering";
import type { ProgramInfo } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

export const edgeStyle = { solid: 0, dashed: 1, crossed: 2 } as const;

export interface StyledEdge {
  style: number;
  /** Between devices: drawn in a lane of its own, with a barb at the one that is examined. */
  peer: boolean;
  /** Of the selected device, or under the pointer. */
  lit: boolean;
  /** Selected itself. */
  chosen: boolean;
}

/** How far right of the line between two middles an examination is drawn, in pixels: the two directions pass each other like traffic. */
export const lane = 3;

/** Shared by all programs of the page: while something is selected, edges that have nothing to do with it step back. */
export const edgeFocus = { fade: 1 };

const vertexShader = /* glsl */ `
attribute vec2 a_start;
attribute vec2 a_end;
attribute vec4 a_color;
attribute vec4 a_id;
attribute float a_style;
attribute vec2 a_sizes;
attribute vec3 a_corner;
uniform mat3 u_matrix;
uniform vec2 u_half;
uniform float u_sizeRatio;
uniform float u_fade;
varying vec4 v_color;
varying float v_style;
varying float v_width;
varying vec3 v_at;
varying float v_length;
const float bias = 255.0 / 254.0;
void main() {
  bool peer = mod(floor(a_style / 4.0), 2.0) > 0.5;
  bool lit = mod(floor(a_style / 8.0), 2.0) > 0.5;
  bool chosen = a_style > 15.5;
  v_style = mod(a_style, 4.0);
  v_width = chosen ? 1.5 : lit ? 1.0 : peer ? 0.65 : 0.45;
  // In pixels, so that dashes, crosses and barbs keep their size at every zoom.
  vec2 start = (u_matrix * vec3(a_start, 1)).xy * u_half;
  vec2 end = (u_matrix * vec3(a_end, 1)).xy * u_half;
  vec2 along = end - start;
  float len = max(length(along), 0.001);
  along /= len;
  vec2 right = vec2(along.y, -along.x);
  // From rim to rim of the glyphs and their arcs.
  float first = peer ? min(a_sizes.x / u_sizeRatio * 1.45, len * 0.4) : 0.0;
  float last = peer ? len - min(a_sizes.y / u_sizeRatio * 1.45 + 1.5, len * 0.4) : len;
  float middle = peer ? ${lane.toFixed(1)} : 0.0;
  #ifdef PICKING_MODE
  // A generous half of the road for each direction, and no barb.
  float x = mix(first, last, a_corner.x);
  float y = a_corner.z > 0.5 ? 0.0 : peer ? (a_corner.y > 0.0 ? 11.0 : -1.0) : 2.0 * a_corner.y;
  v_color = a_id;
  #else
  float reach = v_style > 1.5 ? 5.0 : chosen ? 5.5 : 2.0;
  float x = mix(first, last, a_corner.x);
  float y = middle + reach * a_corner.y;
  if (a_corner.z > 0.5) {
    float size = !peer || last - first < 12.0 ? 0.0 : chosen ? 13.0 : lit ? 11.0 : 9.0;
    x = last - size * (1.0 - a_corner.x);
    y = middle + size * (a_corner.y > 0.0 ? 0.7 : -0.2);
  }
  v_color = a_color;
  if (!lit && !chosen) v_color.a *= u_fade;
  #endif
  gl_Position = vec4((start + along * x + right * y) / u_half, 0, 1);
  v_length = first + last;
  v_at = vec3(a_corner.z > 0.5 ? x - last : x, y - middle, a_corner.z);
  v_color.a *= bias;
}`;

const fragmentShader = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying float v_style;
varying float v_width;
varying vec3 v_at;
varying float v_length;
void main() {
  #ifdef PICKING_MODE
  gl_FragColor = v_color;
  #else
  float d = abs(v_at.y) - v_width;
  if (v_at.z > 0.5) {
    // The barb: half an arrowhead, on the outer side, as chemists draw two directions of one reaction.
    float size = v_width > 1.4 ? 12.0 : v_width > 0.9 ? 10.0 : 8.0;
    d = max(max(-v_at.y - v_width, v_at.y * 0.8944 + v_at.x * 0.4472 - v_width * 0.6), -v_at.x - size);
  } else if (v_style > 0.5 && v_style < 1.5) {
    float x = mod(v_at.x, 10.0);
    d = max(d, abs(x - 2.75) - 2.75);
  } else if (v_style > 1.5) {
    // Three crosses in the middle: as plain as a row of them, and a failing device does not bury its neighbours.
    float x = v_at.x - v_length * 0.5;
    vec2 q = vec2(abs(x) < 21.0 ? mod(x + 7.0, 14.0) - 7.0 : 9.0, v_at.y);
    float cross_ = max(abs(abs(q.x) - abs(q.y)) * 0.7071 - 0.9, max(abs(q.x), abs(q.y)) - 4.0);
    d = min(d, cross_);
  }
  float ink = (1.0 - smoothstep(-0.6, 0.6, d)) * v_color.a;
  // The selected one glows.
  if (v_width > 1.4 && v_at.z < 0.5) ink = max(ink, 0.22 * (1.0 - smoothstep(3.5, 5.5, abs(v_at.y))));
  gl_FragColor = vec4(v_color.rgb * ink, ink);
  #endif
}`;

const uniforms = ["u_matrix", "u_half", "u_sizeRatio", "u_fade"] as const;

/** An examination as a line: solid while its proof counts, dashed when expired or missing, crossed when it failed; the barb is at who was examined. */
export class TrustEdgeProgram extends EdgeProgram<(typeof uniforms)[number]> {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGL2RenderingContext;
    const quad = (part: number): number[][] => [[0, 1, part], [0, -1, part], [1, 1, part], [1, 1, part], [0, -1, part], [1, -1, part]];
    return {
      VERTICES: 12,
      VERTEX_SHADER_SOURCE: vertexShader,
      FRAGMENT_SHADER_SOURCE: fragmentShader,
      METHOD: TRIANGLES,
      UNIFORMS: uniforms,
      ATTRIBUTES: [
        { name: "a_start", size: 2, type: FLOAT },
        { name: "a_end", size: 2, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_style", size: 1, type: FLOAT },
        { name: "a_sizes", size: 2, type: FLOAT },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_corner", size: 3, type: FLOAT }],
      // The line first, then the barb.
      CONSTANT_DATA: [...quad(0), ...quad(1)],
    } as const satisfies object as never;
  }

  override processVisibleItem(edgeIndex: number, start: number, source: NodeDisplayData, target: NodeDisplayData, data: EdgeDisplayData): void {
    const { style, peer, lit, chosen } = data as EdgeDisplayData & StyledEdge;
    const array = this.array;
    array[start] = source.x;
    array[start + 1] = source.y;
    array[start + 2] = target.x;
    array[start + 3] = target.y;
    array[start + 4] = floatColor(data.color);
    array[start + 5] = edgeIndex;
    array[start + 6] = style + (peer ? 4 : 0) + (lit ? 8 : 0) + (chosen ? 16 : 0);
    array[start + 7] = source.size;
    array[start + 8] = target.size;
  }

  override setUniforms({ matrix, width, height, sizeRatio }: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniformMatrix3fv(uniformLocations.u_matrix ?? null, false, matrix);
    gl.uniform2f(uniformLocations.u_half ?? null, width / 2, height / 2);
    gl.uniform1f(uniformLocations.u_sizeRatio ?? null, sizeRatio);
    gl.uniform1f(uniformLocations.u_fade ?? null, edgeFocus.fade);
  }
}
