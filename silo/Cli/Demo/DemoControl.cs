using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>What can be done to a running demo, from its socket and from its terminal: switch the silo off and on.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoControl(DemoMesh mesh, Surroundings surroundings)
{
    /// <summary>Does what a line of the socket says.</summary>
    public async Task<ControlAnswer> ObeyAsync(string line, CancellationToken ct)
    {
        string? problem;
        try
        {
            problem = line switch
            {
                ControlCommand.Status => null,
                ControlCommand.StopSilo => await StopAsync(ct) ? null : "The silo is stopped already.",
                ControlCommand.StartSilo => await StartAsync(ct) ? null : "The silo runs already.",
                ControlCommand.RestartSilo => await RestartAsync(ct),
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
            if (key is 's' or 'S' && !await StopAsync(ct)) await StartAsync(ct);
        }
        // No keys any more is no wish to end.
        await Task.Delay(Timeout.InfiniteTimeSpan, surroundings.Time, ct);
    }

    private async Task<bool> StopAsync(CancellationToken ct)
    {
        if (!await mesh.Silo.StopAsync(kill: false, ct)) return false;
        surroundings.Error.WriteLine("The silo is off. Devices go on judging each other. On again: the key s, or trustmesh demo silo start");
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
        if (!await mesh.Silo.StartAsync(ct)) return false;
        surroundings.Error.WriteLine($"The silo answers again at {mesh.Silo.Address}.");
        return true;
    }
}
