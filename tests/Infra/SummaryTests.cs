using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Infra;

/// <summary>What infra/test prints at its end.</summary>
public sealed class SummaryTests : IDisposable
{
    private const string NotHere = "Orleans host: not restorable here, 7 tests skipped";

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-summary-").FullName;

    public SummaryTests()
    {
        Assert.SkipUnless(Command.Exists("node"), "node is not on this machine");
        File.WriteAllText(Path.Combine(folder, "output.txt"), "");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_could_not_be_built_is_skipped_with_its_reason_and_never_passed()
    {
        Results("""{"name":"A","status":"passed"},{"name":"B","status":"skipped","message":"swtpm is not installed"}""");
        var (code, lines) = Summary("0", "7", NotHere);
        Assert.Equal(0, code);
        Assert.Contains(NotHere, lines);
        Assert.Contains("skipped 1: swtpm is not installed", lines);
        Assert.Equal("1 passed, 0 failed, 8 skipped", lines[^1]);
    }

    [Fact]
    public void Nothing_but_skipped_tests_is_a_failure()
    {
        Results("");
        var (code, lines) = Summary("0", "7", NotHere);
        Assert.Equal((1, "0 passed, 0 failed, 7 skipped"), (code, lines[^1]));
    }

    [Theory, InlineData("124", "The tests were ended after 25m."), InlineData("134", "The tests ended with 134 before there were results.")]
    public void Tests_that_came_to_no_end_are_a_failure(string code, string sentence)
    {
        var (ended, lines) = Summary(code, "7", NotHere);
        Assert.Equal(1, ended);
        Assert.Contains(sentence, lines);
        Assert.Equal("0 passed, 1 failed, 7 skipped", lines[^1]);
    }

    [Fact]
    public void Where_everything_was_built_there_is_no_word_of_it()
    {
        Results("""{"name":"A","status":"passed"}""");
        var (code, lines) = Summary("0", "0", "");
        Assert.Equal((0, "1 passed, 0 failed, 0 skipped"), (code, Assert.Single(lines)));
    }

    private void Results(string tests) => File.WriteAllText(Path.Combine(folder, "results.json"), $$$"""{"results":{"tests":[{{{tests}}}]}}""");

    private (int Code, string[] Lines) Summary(string code, string leftOut, string why)
    {
        var (ended, output, error) = Command.Run(Repository.Root, "node", "infra/summary.mjs", folder, code, "25m", leftOut, why);
        Assert.Equal("", error);
        return (ended, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
