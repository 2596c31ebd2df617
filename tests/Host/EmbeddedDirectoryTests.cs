using TrustMesh.Host.Embedded;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Host;

public sealed class EmbeddedDirectoryTests
{
    [Fact]
    public async Task Twins_are_made_and_asked_while_others_are_let_go()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = settings.Limits with { ResidentTwins = 0 } });
        var twins = ((EmbeddedPlace)silo.Silo.Place).Twins;
        var asking = Enumerable.Range(0, 4).Select(asker => Task.Run(async () =>
        {
            for (var i = 0; i < 1_000; i++)
                Assert.Null(await twins.For(DeviceId.FromRootKey([(byte)asker, (byte)(i >> 8), (byte)i])).ReadAsync(CancellationToken.None));
        })).ToArray();
        var all = Task.WhenAll(asking);
        while (!all.IsCompleted) twins.Sweep();
        await all;
        twins.Sweep();
        Assert.Equal(0, twins.Resident);
    }
}
