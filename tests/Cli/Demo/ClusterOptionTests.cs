using System.Runtime.Versioning;
using TrustMesh.Tests.EndToEnd;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Cli.Demo;

/// <summary>What a person reads who asks for several silos and can not have them.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClusterOptionTests
{
    private static readonly string Run = Path.Combine(Repository.Root, "infra/run");

    [Theory, InlineData("0"), InlineData("1"), InlineData("6"), InlineData("9"), InlineData("-3"), InlineData("many"), InlineData("")]
    public async Task A_number_of_silos_that_can_not_be_is_refused_before_anything_starts(string number)
    {
        var (code, _, error) = Command.Run(Repository.Root, Run, "--cluster", number);
        Assert.Equal((2, "--cluster must be a number of silos from 2 to 5; without it there is one.\n"), (code, error));
        Assert.Equal(2, Command.Run(Repository.Root, Run, $"--cluster={number}").Code);
        var cli = new CliRun();
        Assert.Equal(2, await cli.RunAsync("demo", "run", "--cluster", number));
        Assert.Contains("--cluster must be a number of silos from 2 to 5; without it there is one.", cli.Error);
    }

    [Theory, InlineData("--devices"), InlineData("--port")]
    public async Task What_is_no_number_is_said_to_be_none(string option)
    {
        var cli = new CliRun();
        Assert.Equal(2, await cli.RunAsync("demo", "run", option, "many"));
        Assert.Contains($"{option} must be a number from", cli.Error);
    }

    [Fact]
    public void A_number_that_was_forgotten_is_asked_for()
        => Assert.Equal(2, Command.Run(Repository.Root, Run, "--cluster").Code);

    [Theory, InlineData("TRUSTMESH_REDIS"), InlineData("TRUSTMESH_AZURITE")]
    public async Task A_store_that_is_not_there_is_named_and_nothing_is_left(string variable)
    {
        RunningDemo.Needs();
        var state = Directory.CreateTempSubdirectory("trustmesh-no-store-").FullName;
        var cli = new CliRun { ["TRUSTMESH_REDIS"] = "/bin/true", ["TRUSTMESH_AZURITE"] = "/bin/true", [variable] = "/nowhere/store" };
        Assert.Equal(1, await cli.RunAsync("demo", "run", "--cluster", "3", "--check", "--no-namespaces", "--state", state));
        Assert.Contains($"{variable} says /nowhere/store, which is not there. Correct or unset it.", cli.Error);
        Assert.Empty(RunningDemo.Left(state));
        Directory.Delete(state, recursive: true);
    }
}
