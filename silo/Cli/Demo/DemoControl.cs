using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>What can be done to a running demo, from its socket and from its terminal: switch its silos off and on, or kill one of several.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoControl(DemoMesh mesh, Surroundings surroundings)
{
    private bool AreSeveral => mesh.Silos.AreSeveral;

    /// <summary>Does what a line of the socket says.</summary>
    public async Task<ControlAnswer> ObeyAsync(string line, CancellationToken ct)
    {
        string? problem;
        try
        {
            problem = line switch
            {
                ControlCommand.Status => null,
                ControlCommand.StopSilo => await StopAsync(ct) ? null : AreSeveral ? "All silos are stopped already." : "The silo is stopped already.",
                ControlCommand.StartSilo => await StartAsync(ct) ? null : AreSeveral ? "All silos run already." : "The silo runs already.",
                ControlCommand.RestartSilo => await RestartAsync(ct),
                ControlCommand.KillSilo => await KillAsync(ct),
                _ => "The demo does not know this command; it and trustmesh may have different versions.",
            };
        }
        catch (DemoFailure failed)
        {
            problem = failed.Message;
        }
        return new(problem, mesh.Status());
    }

    /// <summary>Obeys keys until <c>q</c>; what is no key of ours is ignored.</summary>
    public async Task ObeyKeysAsync(IAsyncEnumerable<char> keys, CancellationToken ct)
    {
        await foreach (var key in keys.WithCancellation(ct))
        {
            if (key is 'q' or 'Q') return;
            // One that was killed is missed first; only when nothing is missing are all switched off.
            if (key is 's' or 'S' && !await StartAsync(ct)) await StopAsync(ct);
            if (key is 'k' or 'K' && await KillAsync(ct) is { } problem) surroundings.Error.WriteLine(problem);
        }
        // No keys any more is no wish to end.
        await Task.Delay(Timeout.InfiniteTimeSpan, surroundings.Time, ct);
    }

    private async Task<bool> StopAsync(CancellationToken ct)
    {
        if (!await mesh.Silos.StopAsync(kill: false, ct)) return false;
        surroundings.Error.WriteLine($"{(AreSeveral ? "All silos are off." : "The silo is off.")} Devices go on judging each other. On again: the key s, or trustmesh demo silo start");
        return true;
    }

    private async Task<string?> RestartAsync(CancellationToken ct)
    {
        await StopAsync(ct);
        await StartAsync(ct);
        return null;
    }

    private async Task<bool> StartAsync(CancellationToken ct)
    {
        if (!await mesh.Silos.StartAsync(ct)) return false;
        surroundings.Error.WriteLine($"{(AreSeveral ? $"All {mesh.Silos.All.Count} silos answer again" : "The silo answers again")} at {mesh.Silos.Address}.");
        return true;
    }

    /// <summary>Null if one was killed, or why not.</summary>
    private async Task<string?> KillAsync(CancellationToken ct)
    {
        if (!AreSeveral) return "There is one silo, and nobody to take over; s switches it off. Start with --cluster 3 to kill one of three.";
        if (await mesh.Silos.KillOneAsync(ct) is not { } victim) return "No silo runs. On again: the key s, or trustmesh demo silo start";
        surroundings.Error.WriteLine($"""
            {victim.Name} is killed (kill -9 {victim.Process.Id}), as by a power cut. Its devices are answered by the others within seconds, nobody enrols again. Watch:
              {mesh.DashboardAddress}/silos    who took over its share
              trustmesh silo show {victim.Name}
            On again: the key s, or trustmesh demo silo start
            """);
        return null;
    }
}
