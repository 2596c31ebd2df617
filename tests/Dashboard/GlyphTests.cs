using System.Text.RegularExpressions;
using TrustMesh.Contracts;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Nothing is told by colour alone: every look has a shape of its own and every tier an arc of its own, on the canvas as beside it.</summary>
public sealed partial class GlyphTests(Browser browser) : DashboardTests(browser)
{
    /// <summary>Draws one black glyph on white by the graph's own shaders and tells which pixels are ink.</summary>
    private const string Draw = """
        ({ vertex, fragment, glyphs, tiers, pixels, arc }) => {
          const canvas = new OffscreenCanvas(pixels, pixels), gl = canvas.getContext('webgl2', { antialias: false, preserveDrawingBuffer: true });
          const program = gl.createProgram();
          for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
            const shader = gl.createShader(kind);
            gl.shaderSource(shader, source);
            gl.compileShader(shader);
            if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
            gl.attachShader(program, shader);
          }
          gl.linkProgram(program);
          gl.useProgram(program);
          const uniform = name => gl.getUniformLocation(program, name), attribute = name => gl.getAttribLocation(program, name);
          gl.uniform1f(uniform('u_sizeRatio'), 1);
          gl.uniform1f(uniform('u_pixelRatio'), 1);
          gl.uniformMatrix3fv(uniform('u_matrix'), false, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
          gl.uniform1f(uniform('u_now'), 25);
          gl.uniform3f(uniform('u_background'), 1, 1, 1);
          gl.uniform3f(uniform('u_ink'), 0, 0, 0);
          gl.enable(gl.BLEND);
          gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
          const drawn = [];
          for (const glyph of glyphs) for (const tier of tiers) {
            gl.viewport(0, 0, pixels, pixels);
            gl.clearColor(1, 1, 1, 1);
            gl.clear(gl.COLOR_BUFFER_BIT);
            gl.vertexAttrib2f(attribute('a_position'), 0, 0);
            gl.vertexAttrib1f(attribute('a_size'), pixels / 3.2);
            gl.vertexAttrib4f(attribute('a_color'), 0, 0, 0, 1);
            gl.vertexAttrib1f(attribute('a_glyph'), glyph);
            gl.vertexAttrib2f(attribute('a_time'), 0, arc ? 100 : 0);
            gl.vertexAttrib1f(attribute('a_flags'), tier * 4);
            gl.drawArrays(gl.POINTS, 0, 1);
            const image = new Uint8Array(pixels * pixels * 4);
            gl.readPixels(0, 0, pixels, pixels, gl.RGBA, gl.UNSIGNED_BYTE, image);
            let ink = '';
            for (let at = 0; at < image.length; at += 4) ink += image[at] < 128 ? '#' : '.';
            drawn.push(ink);
          }
          return drawn;
        }
        """;

    [Fact]
    public async Task Each_look_is_drawn_as_a_shape_of_its_own_and_each_tier_as_an_arc_of_its_own()
    {
        var (page, complaints) = await OpenAsync();
        var looks = ListOf("model.ts", "looks");
        Assert.Equal(Looks.All, looks);
        var tiers = ListOf("nodeLook.ts", "tiers");
        Assert.Equal(["guardian", "hardware-key", "software", "tpm-quote"], tiers.Order(StringComparer.Ordinal));
        string[] names = [.. looks, "silo"];

        // As large as among a few devices, and as small as in a crowd, where only the shape is left.
        foreach (var (pixels, least) in new[] { (48, 60), (13, 6) })
            Apart(names, await DrawAsync([.. Enumerable.Range(0, names.Length)], [0], pixels, arc: false), least);
        Apart([.. tiers], await DrawAsync([0], [.. Enumerable.Range(0, tiers.Count)], 48, arc: true), 24);
        Assert.Empty(complaints);

        Task<string[]> DrawAsync(int[] glyphs, int[] levels, int pixels, bool arc)
            => page.EvaluateAsync<string[]>(Draw, new { vertex = Shader("vertexShader"), fragment = Shader("fragmentShader"), glyphs, tiers = levels, pixels, arc });
    }

    [Fact]
    public void Beside_the_canvas_no_two_looks_have_one_shape_and_the_legend_has_every_arc()
    {
        var shapes = Cases().Matches(Source("Controls", "Glyph.razor")).ToDictionary(match => match.Groups["look"].Value, match => Blanks().Replace(match.Groups["shape"].Value, " ").Trim());
        Assert.Equal(Looks.All.Select(look => char.ToUpperInvariant(look[0]) + look[1..]).Order(StringComparer.Ordinal), shapes.Keys.Where(look => look != "default").Order(StringComparer.Ordinal));
        Assert.Equal(shapes.Count, shapes.Values.Distinct(StringComparer.Ordinal).Count());

        var (legend, style) = (Source("Pages", "Graph.razor"), Source("Pages", "Graph.razor.css"));
        Assert.All(new[] { "class=\"arc\"", "arc-key", "arc-guardian", "arc-software" }, arc => Assert.Contains(arc, legend, StringComparison.Ordinal));
        var dashes = Dashes().Matches(style).Select(match => match.Groups["dashes"].Value).ToList();
        Assert.Equal(3, dashes.Count);
        Assert.Equal(3, dashes.Distinct(StringComparer.Ordinal).Count());
    }

    private static void Apart(string[] names, string[] drawn, int least)
    {
        Assert.Equal(names.Length, drawn.Length);
        for (var one = 0; one < names.Length; one++)
        {
            Assert.True(drawn[one].Count(pixel => pixel == '#') >= least, $"{names[one]} is hardly drawn");
            for (var other = 0; other < one; other++)
            {
                var apart = drawn[one].Zip(drawn[other]).Count(pair => pair.First != pair.Second);
                Assert.True(apart >= least, $"{names[one]} and {names[other]} differ in {apart} pixels of {drawn[one].Length}, fewer than {least}");
            }
        }
    }

    private static string Shader(string name) => Regex.Match(Source("Graph", "glyphProgram.ts"), $@"const {name} = /\* glsl \*/ `(?<text>[^`]+)`").Groups["text"].Value;

    private static List<string> ListOf(string file, string name)
        => [.. Words().Matches(Regex.Match(Source("Graph", file), $@"export const {name}\b[^=]*= \[(?<all>[^\]]+)\]").Groups["all"].Value).Select(match => match.Groups["word"].Value)];

    private static string Source(string folder, string file) => File.ReadAllText(Path.Combine(Repository.Root, "dashboard", folder, file));

    [GeneratedRegex(@"(?:case Looks\.(?<look>\w+)|(?<look>default)):(?<shape>.*?)break;", RegexOptions.Singleline)]
    private static partial Regex Cases();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\.arc-\w+ path \{ stroke-dasharray: (?<dashes>[^;]+);")]
    private static partial Regex Dashes();

    [GeneratedRegex("\"(?<word>[^\"]+)\"")]
    private static partial Regex Words();
}
