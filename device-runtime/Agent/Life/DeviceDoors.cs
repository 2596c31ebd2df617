using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Admission;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Door;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Peers;

namespace TrustMesh.Agent.Life;

/// <summary>
/// Who gets in at this device, and who on it may ask: admission in the kernel and the socket for applications. They follow the peer book, which begins
/// empty: until a peer has proven itself, everyone is kept out and nobody is vouched for.
/// </summary>
/// <param name="examine">Examines a peer by address, name or id.</param>
internal sealed class DeviceDoors(AgentConfig config, PeerBook book, Func<string, CancellationToken, Task<KnownPeer>> examine, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private IAdmission? admission;
    private PeerAdmission? peers;
    private Task all = Task.CompletedTask;

    /// <summary>For people: "nftables", "off".</summary>
    public string Admission => admission?.Description ?? AdmissionSettings.Off;

    /// <summary>Ends before <see cref="DisposeAsync"/> only by what no later attempt could heal.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Closes the doors, then lets applications ask. Throws <see cref="IOException"/> where the doors can not be closed: then the agent must not run.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        admission = await Admissions.OpenAsync(config.Doors, config.State, config.PeerPort, log, stop);
        peers = new(admission, book, config.Silos, time, log);
        await peers.StartAsync(stop);
        Running = Task.Run(() => peers.RunAsync(ending.Token), CancellationToken.None);
        all = Task.WhenAll(Running, Task.Run(AnswerAsync, CancellationToken.None));
    }

    /// <summary>The doors in the kernel stay closed when this ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        // Whoever runs the life has been told how it ended; here it only has to be over.
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        peers?.Dispose();
        if (admission is not null) await admission.DisposeAsync();
        ending.Dispose();
    }

    /// <summary>A device that can not tell its applications still has to prove itself and to judge its peers.</summary>
    private async Task AnswerAsync()
    {
        try
        {
            await new AgentDoor(config.Door, book, ExamineAsync, time, log).RunAsync(ending.Token);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.NoDoor(failed is IOException ? failed.Message : $"{failed.GetType().Name}: {failed.Message}");
        }
    }

    private async Task<KnownPeer> ExamineAsync(string target, CancellationToken stop)
    {
        await peers!.VisitAsync(target, stop);
        try
        {
            return await examine(target, stop);
        }
        catch (PeerException failed)
        {
            throw new IOException(failed.Message, failed);
        }
    }
}
