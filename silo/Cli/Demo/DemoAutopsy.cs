using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>Why a demo did not get as far as it should.</summary>
[SupportedOSPlatform("linux")]
internal static class DemoAutopsy
{
    private static readonly TimeSpan Extra = TimeSpan.FromSeconds(5);

    /// <summary>Every device that is not trusted or lacks peers, what was wrong with its evidence, and what its agent said last.</summary>
    public static async Task<string> WhyAsync(DemoMesh mesh, Children children)
    {
        using var limit = new CancellationTokenSource(Extra);
        var lines = new List<string>();
        var lonely = mesh.WithoutEnoughPeers(mesh.Peers).ToHashSet();
        foreach (var device in mesh.Devices)
        {
            if (mesh.IsAsGoodAsItGets(device) && !lonely.Contains(device)) continue;
            var node = mesh.NodeOf(device);
            lines.Add($"{device.Name}: {node?.Look ?? "has not joined"}{(node is null ? "" : $"; trusts {Names(mesh, node.Id, from: true)}; is trusted by {Names(mesh, node.Id, from: false)}")}");
            if (node?.ProvenAt is not null && mesh.Silos.Api is { } api)
                try
                {
                    var detail = await api.DeviceAsync(node.Id, limit.Token);
                    lines.AddRange((detail.Verdict?.Because ?? []).Where(one => one.Outcome != "pass").Take(5).Select(one => $"  {one.Check} {one.Claim}: expected {one.Expected}, got {one.Got}"));
                }
                catch (Exception silent) when (silent is CommandFailure or OperationCanceledException)
                {
                    lines.Add($"  The silo did not say why: {silent.Message}");
                }
            if (children.Find(device.AgentName) is { } agent) lines.Add(agent.Tail());
        }
        foreach (var silo in mesh.Silos.All)
            if (!silo.IsRunning && children.Find(silo.Name) is { } process) lines.Add(process.Tail());
        return string.Join('\n', lines);
    }

    private static string Names(DemoMesh mesh, string id, bool from)
    {
        var names = (mesh.Graph?.Trusting ?? []).Where(edge => (from ? edge.From : edge.To) == id).Select(edge => mesh.Graph!.Nodes[from ? edge.To : edge.From].Name).Order().ToList();
        return names.Count == 0 ? "no peer" : string.Join(", ", names);
    }
}
