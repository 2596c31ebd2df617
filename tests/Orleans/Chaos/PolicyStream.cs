using TrustMesh.Contracts;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>An operator who signs a policy now and then, each with a number of its own by which it is known. One at a time.</summary>
internal sealed class PolicyStream(ChaosWorld world, Random random)
{
    private const int FirstGrace = 100_000;
    private readonly Dictionary<long, int> signed = [];
    private int grace = FirstGrace;

    /// <summary>Version to grace of those that were acknowledged.</summary>
    public IReadOnlyDictionary<long, int> Signed => signed;

    public async Task RunAsync(CancellationToken finishing)
    {
        while (!finishing.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(random.Next(8, 20)), finishing));
            if (!finishing.IsCancellationRequested) await SignAsync();
        }
    }

    private async Task SignAsync()
    {
        var mine = ++grace;
        var (end, view) = await world.ActAsync<PolicyView>(random.Next(world.Mesh.Silos.Count), HttpMethod.Put, "policy", new PolicyUpdate(GraceSeconds: mine));
        world.Count($"policies {end}");
        if (end != ActEnd.Acknowledged) return;
        if (signed.Count > 0 && view!.Version <= signed.Keys.Max()) world.Fault($"policy {view.Version} was answered after {signed.Keys.Max()}");
        if (view!.GraceSeconds != mine) world.Fault($"policy {view.Version} was answered with a grace of {view.GraceSeconds} instead of {mine}");
        signed[view.Version] = mine;
    }
}
