import { EdgeProgram } from "sigma/rendering";
import type { ProgramInfo } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

export const edgeStyle = { solid: 0, dashed: 1, crossed: 2 } as const;

export interface StyledEdge {
  style: number;
  dim: boolean;
}

const vertexShader = /* glsl */ `
attribute vec2 a_start;
attribute vec2 a_end;
attribute vec4 a_color;
attribute vec4 a_id;
attribute float a_style;
attribute vec2 a_corner;
uniform mat3 u_matrix;
uniform vec2 u_half;
varying vec4 v_color;
varying float v_style;
varying vec2 v_at;
const float bias = 255.0 / 254.0;
void main() {
  // In pixels, so that dashes and crosses keep their size at every zoom.
  vec2 start = (u_matrix * vec3(a_start, 1)).xy * u_half;
  vec2 end = (u_matrix * vec3(a_end, 1)).xy * u_half;
  vec2 along = end - start;
  float len = max(length(along), 0.001);
  along /= len;
  float reach = (a_style > 1.5 ? 5.0 : 2.0) * a_corner.y;
  gl_Position = vec4((start + along * len * a_corner.x + vec2(-along.y, along.x) * reach) / u_half, 0, 1);
  v_at = vec2(len * a_corner.x, reach);
  v_style = mod(a_style, 4.0);
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}`;

const fragmentShader = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying float v_style;
varying vec2 v_at;
void main() {
  #ifdef PICKING_MODE
  gl_FragColor = v_color;
  #else
  float d = abs(v_at.y) - 0.6;
  if (v_style > 0.5 && v_style < 1.5) {
    float x = mod(v_at.x, 10.0);
    d = max(d, abs(x - 2.75) - 2.75);
  } else if (v_style > 1.5) {
    vec2 q = vec2(mod(v_at.x, 26.0) - 13.0, v_at.y);
    float cross_ = max(abs(abs(q.x) - abs(q.y)) * 0.7071 - 0.8, max(abs(q.x), abs(q.y)) - 4.2);
    d = min(d, cross_);
  }
  float ink = (1.0 - smoothstep(-0.6, 0.6, d)) * v_color.a;
  gl_FragColor = vec4(v_color.rgb * ink, ink);
  #endif
}`;

const uniforms = ["u_matrix", "u_half"] as const;

/** A proof as a line: solid while it counts, dashed when expired or missing, crossed when it failed. */
export class TrustEdgeProgram extends EdgeProgram<(typeof uniforms)[number]> {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGL2RenderingContext;
    return {
      VERTICES: 6,
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
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_corner", size: 2, type: FLOAT }],
      CONSTANT_DATA: [[0, 1], [0, -1], [1, 1], [1, 1], [0, -1], [1, -1]],
    } as const satisfies object as never;
  }

  override processVisibleItem(edgeIndex: number, start: number, source: NodeDisplayData, target: NodeDisplayData, data: EdgeDisplayData): void {
    const array = this.array;
    array[start] = source.x;
    array[start + 1] = source.y;
    array[start + 2] = target.x;
    array[start + 3] = target.y;
    array[start + 4] = floatColor(data.color);
    array[start + 5] = edgeIndex;
    array[start + 6] = (data as EdgeDisplayData & StyledEdge).style;
  }

  override setUniforms({ matrix, width, height }: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniformMatrix3fv(uniformLocations.u_matrix ?? null, false, matrix);
    gl.uniform2f(uniformLocations.u_half ?? null, width / 2, height / 2);
  }
}
