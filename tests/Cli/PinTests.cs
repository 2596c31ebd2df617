namespace TrustMesh.Tests.Cli;

public sealed class PinTests
{
    private const string Id = "agubuvjqirgdd2uzz7632kkp34mjk4ldq3mm7xq24dx3hvf7rq2zi";

    [Fact]
    public async Task Pins_are_set_listed_and_removed()
    {
        const string pin = $$"""{"device":"{{Id}}","x":0.25,"y":-0.5}""";
        var silo = new CannedSilo().Answer("PUT session/pins/press-1", 200, pin).Answer("GET session/pins", 200, $"[{pin}]").Answer($"DELETE session/pins/{Id}", 204, "").Answer("DELETE session/pins", 204, "");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("graph", "pin", "set", "press-1", "0.25", "--", "-0.5") == 0, run.Error);
        Assert.Equal("""{"x":0.25,"y":-0.5}""", silo.Seen[^1].Body);
        Assert.Equal(0, await run.RunAsync("graph", "pin", "list"));
        Assert.Equal($"DEVICE\tX\tY\n{Id}\t0.25\t-0.5\n", run.Output);
        Assert.Equal(0, await run.RunAsync("graph", "pin", "remove", Id));
        Assert.Equal(0, await run.RunAsync("graph", "pin", "remove", "--all"));
        Assert.Equal(2, await run.RunAsync("graph", "pin", "remove"));
    }
}
